import type { z } from "zod";
import type { Given } from "./flags.js";
import type { Output } from "./output.js";

/** What was written after the command's name. */
export type CommandLine = {
  /** The flags that were given, each checked by itself. */
  given: Given;
  /** The words that are no flags. */
  words: readonly string[];
};

/** One of `sts-native`'s commands. Its flags are made from its schema. */
export type Command = {
  name: string;
  summary: string;
  /** What stands for the words after the flags; empty where there are none. */
  operands: string;
  /** Arguments as a user would write them. */
  example: string;
  schema: z.ZodObject;
  /** @returns the exit code */
  run(line: CommandLine, output: Output): Promise<number>;
};

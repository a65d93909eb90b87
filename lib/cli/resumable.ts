import { z } from "zod";
import { StsError } from "../foundation/errors.js";
import { assign } from "./assignments.js";
import type { CommandLine } from "./command.js";
import { readConfigFile } from "./config-file.js";
import { Interrupted } from "./exit.js";
import { kebabCase, type Given } from "./flags.js";
import { shellWord } from "./format.js";
import { interruptible } from "./interruptible.js";
import type { Output } from "./output.js";
import { requireNoWords } from "./read-flags.js";

/** The flags of a command that makes a run, beside its settings. */
export const runFlags = {
  config: z
    .string()
    .optional()
    .describe(
      "YAML file of settings, such as batchSize: 8; flags win; its paths are relative to here",
    ),
  set: z
    .array(z.string())
    .optional()
    .describe("key=value: a setting of the YAML file, such as layerDecay=0.9; may be repeated"),
  resume: z
    .string()
    .optional()
    .describe("directory of a run that was interrupted, to go on with it exactly; given alone"),
};

/** A run to go on with, or the settings of a new one and where they came from. */
export type RunRequest = { resume: string } | { values: Given; where: string };

/**
 * Reads what a command that makes a run was given: the flags over `--set` over the file.
 * @param besides flags that may be given beside `--resume`
 * @throws StsError `INVALID_ARGUMENT`, `NOT_FOUND`
 */
export async function readRun(
  { given, words }: CommandLine,
  schema: z.ZodObject,
  besides: readonly string[] = [],
): Promise<RunRequest> {
  requireNoWords(words);
  const { config: file, set = [], resume, ...flags } = given;
  if (typeof resume === "string") {
    requireAlone(given, besides);
    return { resume };
  }
  const known = Object.keys(schema.shape);
  const inFile = typeof file === "string" ? await readConfigFile(file, known) : {};
  const values = { ...assign(inFile, set as string[], known), ...flags };
  return { values, where: typeof file === "string" ? file : "command line" };
}

function requireAlone(given: Given, besides: readonly string[]): void {
  const others = Object.keys(given).filter((key) => key !== "resume" && !besides.includes(key));
  if (others.length === 0) return;
  const flags = others.map((key) => `--${kebabCase(key)}`).join(", ");
  throw new StsError(
    "INVALID_ARGUMENT",
    `--resume goes on with a run as it was configured; leave out ${flags}.`,
  );
}

/**
 * Trains so that Ctrl-C saves the run and says how to go on with it.
 * @param report knows whether the steps have begun
 * @param flags that going on needs beside `--resume`
 */
export async function runResumably<Summary>(
  output: Output,
  command: string,
  report: { readonly started: boolean },
  create: (
    signal: AbortSignal,
  ) => Promise<{ config: { output: string }; train: () => Promise<Summary> }>,
  flags: readonly string[] = [],
): Promise<Summary> {
  let run = "";
  try {
    return await interruptible(
      output,
      "Finishing the step; then the run is saved.",
      async (signal) => {
        const trainer = await create(signal);
        run = trainer.config.output;
        return trainer.train();
      },
    );
  } catch (error) {
    if (!(error instanceof Interrupted) || !report.started) throw error;
    const how = [command, "--resume", shellWord(run), ...flags].join(" ");
    const goOn = `To go on with it: sts-native ${how}`;
    throw new Interrupted(error.signal, `${error.message}\n${goOn}`, { cause: error });
  } finally {
    output.closeBar();
  }
}

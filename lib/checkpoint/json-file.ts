import { readFile } from "node:fs/promises";
import type { z } from "zod";

import { StsError } from "../foundation/errors.js";
import { corrupt, readFailed } from "./checkpoint-file.js";

/**
 * Reads a small JSON file of a model.
 * @returns null where there is no such file
 * @throws StsError `CHECKPOINT_CORRUPT` naming the key that is not what it must be, `IO_FAILED`
 */
export async function readJsonFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const error = readFailed(file, cause);
    if (error.code === "NOT_FOUND") return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corrupt(file, `is not valid JSON (${(cause as Error).message})`, cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new StsError("CHECKPOINT_CORRUPT", `${file}: ${firstProblem(result.error)}.`);
}

/** `pooling.mode: expected a string`: the first key at fault and what is wrong with it. */
export function firstProblem(error: z.ZodError): string {
  const { path, message } = error.issues[0]!;
  const lower = message.replace(/^Invalid input: /, "");
  return path.length === 0 ? lower : `${path.map(String).join(".")}: ${lower}`;
}

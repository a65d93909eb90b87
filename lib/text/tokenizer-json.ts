import type { z } from "zod";

import { StsError } from "../foundation/errors.js";

/**
 * A part of tokenizer.json, checked against its schema.
 * @param where file and key, for the message
 * @throws StsError CHECKPOINT_CORRUPT naming the key that is not what it must be
 */
export function readPart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const key = [where, ...issue.path.map(String)].join(".");
  throw corrupt(`${key}: ${issue.message}`);
}

/** The error for a tokenizer file that is damaged. */
export function corrupt(problem: string, cause?: unknown): StsError {
  return new StsError(
    "CHECKPOINT_CORRUPT",
    `${problem}. Take the tokenizer's files from their source again.`,
    { cause },
  );
}

/** The error for a component that is not computed here, with those that are. */
export function unsupported(where: string, what: string, supported: readonly string[]): StsError {
  return new StsError(
    "UNSUPPORTED_MODEL",
    `${where}: ${what} is not supported. Supported: ${supported.join(", ")}.`,
  );
}

import { stat } from "node:fs/promises";
import { StsError } from "../foundation/errors.js";

/**
 * Renaming a finished file over one that was read would lose that one.
 * @param flag that names the output
 * @throws StsError `INVALID_ARGUMENT` where the output is one of the inputs, by whatever path
 */
export async function requireOther(
  flag: string,
  output: string,
  inputs: readonly string[],
): Promise<void> {
  const [target, ...sources] = await Promise.all(
    [output, ...inputs].map((file) => stat(file).catch(() => undefined)),
  );
  if (target === undefined) return;
  const { dev, ino } = target;
  if (!sources.some((source) => source?.dev === dev && source.ino === ino)) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${flag}: ${output} is one of the files that are read; give another file.`,
  );
}

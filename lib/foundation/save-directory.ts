import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { ioFailed } from "./atomic-file.js";
import { temporaryName } from "./temporary-name.js";
import { makeDirectory } from "./make-directory.js";

/**
 * Lets `write` fill a directory. One that does not exist yet is filled under a temporary name
 * beside it and renamed, so that it never exists half.
 * @throws StsError `IO_FAILED`; other errors of `write` are passed on
 */
export async function saveDirectory(
  directory: string,
  write: (directory: string) => Promise<void>,
): Promise<void> {
  if (existsSync(directory)) return write(directory);
  const parent = path.dirname(path.resolve(directory));
  const temporary = path.join(parent, temporaryName());
  try {
    await makeDirectory(temporary);
    await write(temporary);
    await rename(temporary, directory);
  } catch (error) {
    // Where it could not be made it cannot be removed, and the first error says why.
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw ioFailed(directory, error);
  }
}

import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { temporaryName } from "./temporary-name.js";
import { makeDirectory } from "./make-directory.js";

/**
 * Lets `write` fill a directory. One that does not exist yet is filled under a temporary name
 * beside it and renamed, so that it never exists half.
 */
export async function saveDirectory(
  directory: string,
  write: (directory: string) => Promise<void>,
): Promise<void> {
  if (existsSync(directory)) return write(directory);
  const parent = path.dirname(path.resolve(directory));
  const temporary = path.join(parent, temporaryName());
  await makeDirectory(temporary);
  try {
    await write(temporary);
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

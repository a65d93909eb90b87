import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { StsError } from "./errors.js";
import { temporaryName } from "./temporary-name.js";

/**
 * Writes a file so that a crash, a full disk or a failing source leaves the old file or the new
 * one, never a part: the contents go to a temporary name in the same directory, are synced and
 * renamed. A symbolic link is followed.
 * @throws StsError `IO_FAILED`; what `contents` itself throws is passed on
 */
export const writeFileAtomically = (
  filePath: string,
  contents: string | Uint8Array | AsyncIterable<string | Uint8Array>,
): Promise<void> => replaceFile(filePath, (temporary) => writeAndSync(temporary, contents));

/**
 * The same for a writer of one's own: `write` makes the file `temporary` and syncs it.
 * @throws StsError `IO_FAILED`; other errors of `write` are passed on
 */
export async function replaceFile(
  filePath: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  try {
    const target = await replaceableTarget(filePath);
    const directory = path.dirname(target);
    const temporary = path.join(directory, temporaryName());
    try {
      await write(temporary);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncDirectory(directory);
  } catch (error) {
    throw ioFailed(filePath, error);
  }
}

async function replaceableTarget(filePath: string): Promise<string> {
  const target = await realpath(filePath).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (target === undefined) return path.resolve(filePath);
  // Renaming over a device or a pipe would replace it by an ordinary file.
  if (!(await stat(target)).isFile()) {
    throw new StsError(
      "IO_FAILED",
      `${filePath}: is not a regular file and cannot be replaced; give the path of a file.`,
    );
  }
  return target;
}

async function writeAndSync(
  temporary: string,
  contents: string | Uint8Array | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const handle = await open(temporary, "wx");
  try {
    await writeFile(handle, contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Some systems and file systems cannot sync a directory; the rename holds there all the same. */
const directorySyncUnsupported = new Set(["EINVAL", "ENOTSUP", "EPERM", "EISDIR", "EACCES"]);

/** Makes sure that the names of a directory's files are on the disk, where the system can. */
export async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!directorySyncUnsupported.has(errorCode(error) ?? "")) throw error;
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: "there is no space left on the disk; free some or write to another disk.",
  EDQUOT: "the disk quota is used up; free some space or write to another disk.",
  EACCES: "permission denied; choose a place that you may write to.",
  EPERM: "the operation is not permitted; choose a place that you may write to.",
  EROFS: "the file system is read-only; choose another place.",
  ENOENT: "its directory does not exist; create it first.",
  ENOTDIR: "a part of the path is a file, not a directory; choose another path.",
  EEXIST: "something else has that name already; choose another.",
  ENOTEMPTY: "something else was written there meanwhile; choose another place, or try again.",
  EISDIR: "it is a directory where a file is to be; choose another path.",
  ENAMETOOLONG: "the name is too long; choose a shorter one.",
};

/**
 * A failed write as `IO_FAILED`, with what happened and what to do. An error that does not come
 * from the operating system is returned as it is.
 */
export function ioFailed(filePath: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined || error instanceof StsError) return error;
  const remedy = remedies[code] ?? `writing failed (${code}); check the disk and try again.`;
  return new StsError("IO_FAILED", `${filePath}: ${remedy}`, { cause: error });
}

/** The `errno` name of a system error, such as `ENOSPC`. */
function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if (!("errno" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

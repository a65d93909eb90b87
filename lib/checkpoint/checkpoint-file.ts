import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

import { StsError } from "../foundation/errors.js";

/** The error for a damaged file: what is wrong with it, and where. */
export function corrupt(path: string, problem: string, cause?: unknown): StsError {
  return new StsError("CHECKPOINT_CORRUPT", `${path}: ${problem}; download it again.`, { cause });
}

/** A file of weights, of which only headers are read here. */
export class CheckpointFile {
  constructor(
    readonly path: string,
    /** In bytes, when it was opened. */
    readonly size: number,
    private readonly handle: FileHandle,
  ) {}

  /**
   * @param what what is read, as an error message names it
   * @throws StsError CHECKPOINT_CORRUPT when the file ends before `offset + length`
   */
  async read(offset: number, length: number, what: string): Promise<Buffer> {
    const cutOff = () =>
      corrupt(
        this.path,
        `${what} should take ${length} bytes from byte ${offset}, but the file has ${this.size} bytes`,
      );
    if (offset < 0 || offset + length > this.size) throw cutOff();
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle
        .read(bytes, filled, length - filled, offset + filled)
        .catch((error: unknown) => Promise.reject(readFailed(this.path, error)));
      if (bytesRead === 0) throw cutOff();
      filled += bytesRead;
    }
    return bytes;
  }
}

/**
 * Opens a file of weights, hands it to `use` and closes it.
 * @throws StsError NOT_FOUND, IO_FAILED, or CHECKPOINT_CORRUPT for an empty file and for a Git LFS
 *   pointer that stands in for the weights
 */
export async function withCheckpointFile<T>(
  path: string,
  use: (file: CheckpointFile) => Promise<T>,
): Promise<T> {
  // Asked before opening: to open a named pipe would wait for a writer.
  const status = await stat(path).catch((error: unknown) =>
    Promise.reject(readFailed(path, error)),
  );
  if (!status.isFile()) {
    throw new StsError("NOT_FOUND", `${path}: expected a file, but it is a directory or a device.`);
  }
  const handle = await open(path).catch((error: unknown) =>
    Promise.reject(readFailed(path, error)),
  );
  try {
    const file = new CheckpointFile(path, (await handle.stat()).size, handle);
    await refuseStandIn(file);
    return await use(file);
  } finally {
    await handle.close();
  }
}

/** The error for a path that cannot be read, from what Node.js says about it. */
export function readFailed(path: string, error: unknown): StsError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return code === "ENOENT" || code === "ENOTDIR"
    ? new StsError("NOT_FOUND", `${path}: there is no such file.`, { cause: error })
    : new StsError("IO_FAILED", `${path}: reading failed (${code}).`, { cause: error });
}

const lfsPointer = "version https://git-lfs";

async function refuseStandIn(file: CheckpointFile): Promise<void> {
  if (file.size === 0) throw corrupt(file.path, "the file is empty");
  const start = await file.read(0, Math.min(file.size, lfsPointer.length), "the start of the file");
  if (start.toString("latin1") === lfsPointer) {
    throw new StsError(
      "CHECKPOINT_CORRUPT",
      `${file.path}: this is a Git LFS pointer, not the weights; run "git lfs pull" in the model's repository or download the file itself.`,
    );
  }
}

import { appendFile, open, stat, truncate } from "node:fs/promises";
import { ioFailed } from "../foundation/atomic-file.js";

/** A file that grows at its end, and is cut back when a run goes on from where it was saved. */
export class LogFile {
  constructor(readonly path: string) {}

  /** @throws StsError `IO_FAILED` */
  append(data: string | Uint8Array): Promise<void> {
    return this.#attempt(() => appendFile(this.path, data));
  }

  /**
   * Brings what was appended to the disk, whose power may fail.
   * @returns the bytes of the file
   * @throws StsError `IO_FAILED`
   */
  sync(): Promise<number> {
    return this.#attempt(async () => {
      const handle = await open(this.path, "a");
      try {
        await handle.sync();
        return (await handle.stat()).size;
      } finally {
        await handle.close();
      }
    });
  }

  /** In bytes; 0 where there is no file. */
  async size(): Promise<number> {
    return (await stat(this.path).catch(() => ({ size: 0 }))).size;
  }

  /**
   * Drops what follows the first `size` bytes.
   * @throws StsError `IO_FAILED`
   */
  async truncate(size: number): Promise<void> {
    if ((await this.size()) > size) await this.#attempt(() => truncate(this.path, size));
  }

  async #attempt<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw ioFailed(this.path, error);
    }
  }
}

import { readdir } from "node:fs/promises";
import path from "node:path";
import { ioFailed } from "../foundation/atomic-file.js";
import { encodeEvent, encodeVersion, type EventValue } from "./event.js";
import { LogFile } from "./log-file.js";
import { encodeRecord } from "./tfrecord.js";

/**
 * The file in a directory that TensorBoard reads: `events.out.tfevents.<seconds>.sts-native`. There
 * is one, which a run that goes on cuts back and continues, so that no reader meets a step twice.
 */
export class EventFile {
  #file: LogFile | undefined;

  /** @param opening what the file tells at step 0 */
  constructor(
    private readonly directory: string,
    private readonly opening: () => Promise<readonly EventValue[]>,
  ) {}

  /**
   * Adds an event, after those with which a file begins where there is none yet.
   * @throws StsError `IO_FAILED`
   */
  async append(step: number, values: readonly EventValue[]): Promise<void> {
    const wallTime = now();
    const event = encodeRecord(encodeEvent({ wallTime, step, values }));
    const file = await this.#existing();
    if (file) return file.append(event);
    this.#file = new LogFile(path.join(this.directory, nameAt(wallTime)));
    await this.#file.append(Buffer.concat([await this.#beginning(wallTime), event]));
  }

  /**
   * Brings what was appended to the disk.
   * @returns the bytes of the file; 0 where there is none
   * @throws StsError `IO_FAILED`
   */
  async sync(): Promise<number> {
    return (await (await this.#existing())?.sync()) ?? 0;
  }

  /**
   * Drops what follows the first `size` bytes. A file that has not as many is begun anew.
   * @throws StsError `IO_FAILED`
   */
  async rewind(size: number): Promise<void> {
    const file = await this.#existing();
    if (!file) return;
    if (size > 0 && (await file.size()) >= size) return file.truncate(size);
    await file.truncate(0);
    await file.append(await this.#beginning(now()));
  }

  async #beginning(wallTime: number): Promise<Buffer> {
    const event = encodeEvent({ wallTime, step: 0, values: await this.opening() });
    return Buffer.concat([encodeRecord(encodeVersion(wallTime)), encodeRecord(event)]);
  }

  async #existing(): Promise<LogFile | undefined> {
    if (this.#file) return this.#file;
    const entries = await readdir(this.directory).catch((error: unknown) => {
      throw ioFailed(this.directory, error);
    });
    const name = entries.find((entry) => ours.test(entry));
    this.#file = name === undefined ? undefined : new LogFile(path.join(this.directory, name));
    return this.#file;
  }
}

/** In seconds since 1970. */
const now = (): number => Date.now() / 1000;

const ours = /^events\.out\.tfevents\.\d+\.sts-native$/;

/** TensorBoard orders files by their names; where others have the name of the machine we do not. */
const nameAt = (seconds: number): string =>
  `events.out.tfevents.${String(Math.floor(seconds)).padStart(10, "0")}.sts-native`;

import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { ioFailed, syncDirectory } from "../../foundation/atomic-file.js";
import { makeDirectory } from "../../foundation/make-directory.js";
import type { Languages } from "./translator.js";

const newline = 0x0a;

/**
 * Translations on disk, so that none is paid for twice: `<translator>.<from>-<to>.jsonl`, to which
 * only ever is appended, a line `{"text":…,"translation":…}` for each text. A line that is cut off
 * or damaged is as if it were not there. Several processes may use one cache at a time, and find
 * what the others add.
 */
export class TranslationCache {
  readonly #translations = new Map<string, string>();
  /** As much of the file has been read. */
  #read = 0;
  /** What is done to the file is done one after the other. */
  #last: Promise<void> = Promise.resolve();
  /** Lines that could not be used. */
  damaged = 0;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** @throws StsError `IO_FAILED` */
  static async open(
    directory: string,
    translator: string,
    { from, to }: Languages,
  ): Promise<TranslationCache> {
    const filePath = path.join(directory, `${translator}.${from}-${to}.jsonl`);
    try {
      await makeDirectory(directory);
      const cache = new TranslationCache(filePath, await open(filePath, "a+"));
      await cache.refresh();
      await syncDirectory(directory);
      return cache;
    } catch (error) {
      throw ioFailed(filePath, error);
    }
  }

  get(text: string): string | undefined {
    return this.#translations.get(text);
  }

  /** Reads what has been added to the file, by whomever. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const bytes = await this.#readOn();
      const end = bytes.lastIndexOf(newline) + 1;
      for (const line of linesOf(bytes.subarray(0, end))) if (!this.#accept(line)) this.damaged++;
      // Its line end may be all that it lacks, or another process may be writing it just now.
      this.#accept(bytes.subarray(end));
      this.#read += end;
    });
  }

  /** Adds translations, which are on the disk when the promise is fulfilled. */
  add(texts: readonly string[], translations: readonly string[]): Promise<void> {
    const lines = texts.map((text, i) => JSON.stringify({ text, translation: translations[i]! }));
    return this.#inTurn(async () => {
      // An empty line first ends one that a crash has left unfinished.
      await this.#append(`\n${lines.join("\n")}\n`);
      texts.forEach((text, i) => this.#translations.set(text, translations[i]!));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.file.close();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #readOn(): Promise<Buffer> {
    try {
      const { size } = await this.file.stat();
      const buffer = Buffer.alloc(Math.max(0, size - this.#read));
      const { bytesRead } = await this.file.read({ buffer, position: this.#read });
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      throw ioFailed(this.path, error);
    }
  }

  async #append(block: string): Promise<void> {
    try {
      await this.file.appendFile(block);
      await this.file.sync();
    } catch (error) {
      throw ioFailed(this.path, error);
    }
  }

  /** @returns whether the line is sound; an empty one is */
  #accept(line: Buffer): boolean {
    if (line.length === 0) return true;
    const record = isUtf8(line) ? parse(line.toString("utf8")) : undefined;
    if (record === undefined) return false;
    this.#translations.set(record.text, record.translation);
    return true;
  }
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(newline, from);
    yield bytes.subarray(from, end);
    from = end + 1;
  }
}

function parse(line: string): { text: string; translation: string } | undefined {
  try {
    const { text, translation } = JSON.parse(line) as Record<string, unknown>;
    if (typeof text === "string" && typeof translation === "string") return { text, translation };
  } catch {
    // Not JSON: damaged.
  }
  return undefined;
}

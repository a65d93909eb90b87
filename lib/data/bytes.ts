import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { StsError } from "../foundation/errors.js";
import { RowError } from "./records.js";

/** Bytes of a file and the 1-based line at which they start. */
export type Located = { line: number; bytes: Buffer };

const utf8Bom = Buffer.from([0xef, 0xbb, 0xbf]);
const utf16Boms = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/**
 * The bytes of a file, decompressed when its name ends in `.gz`, without a UTF-8 byte order mark.
 * @throws StsError `NOT_FOUND` for a file that is not there, `INVALID_DATA` for a damaged gzip
 *   file and for UTF-16
 */
export async function* readBytes(filePath: string): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  try {
    for await (const chunk of openStream(filePath) as AsyncIterable<Buffer>) {
      if (start === undefined) {
        yield chunk;
        continue;
      }
      // A pipe may deliver less than a byte order mark at a time.
      start = Buffer.concat([start, chunk]);
      if (start.length < utf8Bom.length) continue;
      yield withoutBom(filePath, start);
      start = undefined;
    }
    if (start !== undefined) yield withoutBom(filePath, start);
  } catch (error) {
    throw readFailed(filePath, error);
  }
}

function openStream(filePath: string): Readable {
  const file = createReadStream(filePath);
  if (!filePath.toLowerCase().endsWith(".gz")) return file;
  // Errors of both streams surface where the last one is read.
  return pipeline(file, createGunzip(), () => undefined);
}

function withoutBom(filePath: string, start: Buffer): Buffer {
  if (utf16Boms.some((bom) => start.subarray(0, bom.length).equals(bom))) {
    throw new StsError(
      "INVALID_DATA",
      `${filePath}: is UTF-16; convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8.`,
    );
  }
  return start.subarray(0, utf8Bom.length).equals(utf8Bom) ? start.subarray(utf8Bom.length) : start;
}

function readFailed(filePath: string, error: unknown): unknown {
  if (error instanceof StsError || typeof error !== "object" || error === null) return error;
  if (!("code" in error) || typeof error.code !== "string") return error;
  const { code } = error;
  const because = { cause: error };
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new StsError("NOT_FOUND", `${filePath}: no such file; check the path.`, because);
    case "EISDIR":
      return new StsError(
        "NOT_FOUND",
        `${filePath}: is a directory; give the path of a data file.`,
        because,
      );
    case "EACCES":
    case "EPERM":
      return new StsError("NOT_FOUND", `${filePath}: may not be read by this user.`, because);
  }
  if (code.startsWith("Z_")) {
    const what = code === "Z_BUF_ERROR" ? "ends too early" : "is not a sound gzip file";
    return new StsError(
      "INVALID_DATA",
      `${filePath}: the compressed data ${what}; copy or download it again, ` +
        "or drop the .gz when it is not compressed.",
      because,
    );
  }
  return new StsError("IO_FAILED", `${filePath}: reading failed (${code}).`, because);
}

const newline = 0x0a;

/** Lines with their line ends; a last line without one counts. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Located> {
  let line = 1;
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let end; (end = chunk.indexOf(newline, from)) !== -1; from = end + 1) {
      const rest = chunk.subarray(from, end + 1);
      yield { line: line++, bytes: begun.length === 0 ? rest : Buffer.concat([...begun, rest]) };
      begun = [];
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield { line, bytes: Buffer.concat(begun) };
}

/** The text of one record, without the line end. */
export function decode(bytes: Buffer): string {
  if (bytes.includes(0)) throw new RowError("a NUL character");
  // Decoding replaces what is invalid by U+FFFD, which a sound file may hold too.
  if (!isUtf8(bytes)) {
    throw new RowError("invalid UTF-8 (convert the file, such as with iconv -f CP949 -t UTF-8)");
  }
  return bytes.toString("utf8").replace(/\r?\n$/, "");
}

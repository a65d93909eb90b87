import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { writeFileAtomically } from "../foundation/atomic-file.js";
import { describe, StsError } from "../foundation/errors.js";
import { type DataFormat, formatOf } from "./format.js";
import { columnNames, replaceValues } from "./json.js";
import { quoted } from "./predictions.js";
import type { Header, Row } from "./records.js";

/** A row that was read, and values that take the place of its own, by their columns. */
export type WrittenRow = { row: Row; changes?: Readonly<Record<string, string | number>> };

/**
 * Writes rows with all their columns, in their order, each as often as it comes. An old file stays
 * until the new one is complete. JSON rows stay as they are but for their changes.
 * @param filePath its extension says the format, also before `.gz`
 * @param header of the file that the rows were read from
 * @param format in place of what the extension says
 * @throws StsError `INVALID_DATA` for a value that the format cannot hold, `INVALID_ARGUMENT` for an
 *   unknown extension, `IO_FAILED`
 */
export async function writeRows(
  filePath: string,
  header: Header,
  rows: AsyncIterable<WrittenRow> | Iterable<WrittenRow>,
  format: DataFormat = formatOf(filePath),
): Promise<void> {
  const text = inChunks(lines(filePath, header, rows, format));
  await writeFileAtomically(filePath, filePath.endsWith(".gz") ? zipped(text) : text);
}

function lines(
  filePath: string,
  header: Header,
  rows: AsyncIterable<WrittenRow> | Iterable<WrittenRow>,
  format: DataFormat,
): AsyncGenerator<string> {
  switch (format) {
    case "csv":
      return cellLines(filePath, header, rows, ",", quoted);
    case "tsv":
      return cellLines(filePath, header, rows, "\t", (value, column) =>
        requireUnquoted(filePath, value, column),
      );
    case "json":
      return jsonElements(header, rows);
    case "jsonl":
      return jsonLines(header, rows);
  }
}

async function* cellLines(
  filePath: string,
  { names }: Header,
  rows: AsyncIterable<WrittenRow> | Iterable<WrittenRow>,
  separator: string,
  write: (value: string, column: string) => string,
): AsyncGenerator<string> {
  const known = new Set(names);
  if (known.size < names.length) throw repeatedColumn(filePath, names);
  yield `${names.map((name) => write(name, name)).join(separator)}\n`;
  for await (const { row, changes = {} } of rows) {
    const unknown = row.object && columnNames(row.object).find((name) => !known.has(name));
    if (unknown !== undefined) throw unknownColumn(filePath, row, unknown);
    const cells = names.map((name) => write(cell(changes[name] ?? row.value(name)), name));
    yield `${cells.join(separator)}\n`;
  }
}

/** A value as a table holds it: what has parts as JSON, nothing as an empty cell. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function requireUnquoted(filePath: string, value: string, column: string): string {
  if (!/[\t\r\n]/.test(value)) return value;
  throw new StsError(
    "INVALID_DATA",
    `${filePath}: ${describe(value)} in the column ${describe(column)} has a tab or a line end, ` +
      "which a .tsv file cannot hold; write .csv or .jsonl instead.",
  );
}

/** Only one of the columns could be read by its name. */
function repeatedColumn(filePath: string, names: readonly string[]): StsError {
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  return new StsError(
    "INVALID_DATA",
    `${filePath}: cannot be written: the column ${describe(repeated)} is there more than once in the ` +
      "file that was read; rename one of them.",
  );
}

function unknownColumn(filePath: string, row: Row, column: string): StsError {
  return new StsError(
    "INVALID_DATA",
    `${filePath}: line ${row.line} of the file that was read has ${describe(column)}, which its first ` +
      "object does not have, so that there is no column for it; write .json or .jsonl instead.",
  );
}

async function* jsonElements(
  header: Header,
  rows: AsyncIterable<WrittenRow> | Iterable<WrittenRow>,
): AsyncGenerator<string> {
  let before = "[\n";
  for await (const line of jsonLines(header, rows)) {
    yield before + line.trimEnd();
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

async function* jsonLines(
  { names }: Header,
  rows: AsyncIterable<WrittenRow> | Iterable<WrittenRow>,
): AsyncGenerator<string> {
  for await (const { row, changes = {} } of rows) {
    const object = row.object ?? Object.fromEntries(names.map((name) => [name, row.value(name)]));
    yield `${JSON.stringify(replaceValues(object, changes))}\n`;
  }
}

const chunkLength = 1 << 16;

/** A write for each row would be slow. */
async function* inChunks(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = "";
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

/** Errors of the source reach whoever reads. */
async function* zipped(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const source = Readable.from(texts).on("error", (error) => gzip.destroy(error));
  yield* source.pipe(gzip) as AsyncIterable<Uint8Array>;
}

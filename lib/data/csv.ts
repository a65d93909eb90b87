import { CsvError, parse } from "csv-parse/sync";
import { decode, type Located } from "./bytes.js";
import { type DataRecord, type Header, orBadRecord, RowError } from "./records.js";
import { isBlank, toHeader, toRow } from "./table.js";

/** A quoted value that goes on for longer than this was never closed. */
const maxRecordBytes = 1 << 20;

const quote = 0x22;

/**
 * Records of a comma-separated file by RFC 4180: a quoted value may hold line ends. A record that
 * cannot be parsed costs its first line only: reading goes on with the next line, so that a quote
 * that is never closed does not swallow the rows after it.
 */
export async function* readCsv(
  filePath: string,
  lines: AsyncGenerator<Located>,
): AsyncGenerator<DataRecord> {
  const source = new LineSource(lines);
  let header: Header | undefined;
  try {
    for (let first; (first = await source.next()) !== undefined;) {
      if (isBlank(first.bytes)) continue;
      const { line } = first;
      const { taken, closed } = await takeQuoted(source, first);
      const cells = orBadRecord(line, () => splitCsv(taken, closed));
      if (header === undefined) {
        yield (header = toHeader(filePath, line, cells));
        continue;
      }
      const record = Array.isArray(cells) ? toRow(header, line, cells) : cells;
      if (record.kind === "bad") source.putBack(taken.slice(1));
      yield record;
    }
  } finally {
    await lines.return(undefined);
  }
}

/** Lines one by one, some of which can be given back. */
class LineSource {
  #returned: Located[] = [];

  constructor(private readonly lines: AsyncGenerator<Located>) {}

  async next(): Promise<Located | undefined> {
    const returned = this.#returned.shift();
    if (returned !== undefined) return returned;
    const next = await this.lines.next();
    return next.done === true ? undefined : next.value;
  }

  putBack(lines: readonly Located[]): void {
    this.#returned = [...lines, ...this.#returned];
  }
}

/** The lines from `first` on until the quotes are in pairs. */
async function takeQuoted(
  source: LineSource,
  first: Located,
): Promise<{ taken: Located[]; closed: boolean }> {
  const taken = [first];
  let size = first.bytes.length;
  let closed = hasPairedQuotes(first.bytes);
  while (!closed && size <= maxRecordBytes) {
    const next = await source.next();
    if (next === undefined) break;
    taken.push(next);
    size += next.bytes.length;
    closed = !hasPairedQuotes(next.bytes);
  }
  return { taken, closed };
}

function hasPairedQuotes(bytes: Buffer): boolean {
  let paired = true;
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    paired = !paired;
  }
  return paired;
}

function splitCsv(taken: readonly Located[], closed: boolean): string[] {
  const first = decode(taken[0]!.bytes);
  if (!closed) throw new RowError("malformed quoting: a quote is opened and never closed");
  // Most lines have no quotes, and then need no parser, which takes several times as long.
  if (!first.includes('"')) return first.split(",");
  const text = taken.length === 1 ? first : decode(Buffer.concat(taken.map((each) => each.bytes)));
  try {
    const records = parse(text, { record_delimiter: "\n", relax_column_count: true });
    if (records.length === 1) return records[0]!;
    throw new RowError("malformed quoting: a line end inside a value that is not quoted");
  } catch (error) {
    if (error instanceof CsvError) throw new RowError(quotingProblem(error));
    throw error;
  }
}

function quotingProblem(error: CsvError): string {
  switch (error.code) {
    case "CSV_INVALID_CLOSING_QUOTE":
      return 'malformed quoting: text after a closing quote (a quote inside a value is written "")';
    case "INVALID_OPENING_QUOTE":
      return 'malformed quoting: a quote inside a value that is not quoted (quote it, and write "")';
    default:
      return `malformed quoting: ${error.message}`;
  }
}

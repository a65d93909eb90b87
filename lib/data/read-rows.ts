import { StsError } from "../foundation/errors.js";
import { type BadRow, BadRows } from "./bad-rows.js";
import { readBytes, splitLines } from "./bytes.js";
import { readCsv } from "./csv.js";
import { type DataFormat, formatOf } from "./format.js";
import { readJson, readJsonLines } from "./json.js";
import { type BadRecord, type DataRecord, type Header, orBadRecord, type Row } from "./records.js";
import { readTsv } from "./tsv.js";

export type BadRowOptions = {
  /** What to do about rows that cannot be used. Default: "error". */
  onBadRow?: "error" | "skip";
  /** Told of every row that is left out with `onBadRow: "skip"`. */
  onSkipped?: (row: BadRow) => void;
};

export type RowOptions = BadRowOptions & {
  /** Default: by the extension, also before `.gz`. */
  format?: DataFormat | undefined;
};

/**
 * From a file's header to what reads its rows, given the 0-based number of each. Reading a row
 * throws a `RowError` for one that cannot be used.
 */
export type RowReader<T> = (header: Header) => (row: Row, index: number) => T;

/** A row that can be used, or why not. */
export type Outcome<T> = { kind: "usable"; value: T } | BadRecord;

/**
 * The rows of a file, in file order, as it is read; see {@link usableRows}.
 * @throws StsError `INVALID_DATA` for bad rows, a missing column and a file without rows,
 *   `NOT_FOUND` for a missing file, `INVALID_ARGUMENT` for an unknown extension
 */
export async function* readRows<T>(
  filePath: string,
  options: RowOptions,
  reader: RowReader<T>,
): AsyncGenerator<T> {
  const records = readRecords(filePath, options.format ?? formatOf(filePath));
  yield* usableRows(filePath, outcomes(records, reader), options);
}

/** Reads a whole file; see {@link readRows}. `skipped` is empty unless `onBadRow` is "skip". */
export async function loadRows<T>(
  filePath: string,
  options: RowOptions,
  reader: RowReader<T>,
): Promise<{ rows: T[]; skipped: BadRow[] }> {
  const rows: T[] = [];
  const skipped: BadRow[] = [];
  const onSkipped = (row: BadRow) => {
    skipped.push(row);
    options.onSkipped?.(row);
  };
  for await (const row of readRows(filePath, { ...options, onSkipped }, reader)) rows.push(row);
  return { rows, skipped };
}

/**
 * The rows that can be used. With `onBadRow: "error"` the first bad row is the end of them: the rest
 * of the file is only checked, and one error then lists what is wrong with it.
 * @throws StsError `INVALID_DATA` for bad rows, and where there are no rows
 */
export async function* usableRows<T>(
  filePath: string,
  outcomes: AsyncIterable<Outcome<T>>,
  { onBadRow, onSkipped }: BadRowOptions,
): AsyncGenerator<T> {
  const skip = onBadRow === "skip";
  const bad = new BadRows();
  let rows = 0;
  for await (const outcome of outcomes) {
    rows++;
    if (outcome.kind === "bad") {
      const row = { path: filePath, line: outcome.line, reason: outcome.reason };
      bad.add(row);
      if (skip) onSkipped?.(row);
    } else if (skip || bad.count === 0) yield outcome.value;
  }
  assertUsable(filePath, rows, bad, skip);
}

async function* outcomes<T>(
  records: AsyncIterable<DataRecord>,
  reader: RowReader<T>,
): AsyncGenerator<Outcome<T>> {
  let read: ReturnType<RowReader<T>> | undefined;
  let rows = 0;
  for await (const record of records) {
    if (record.kind === "header") {
      read = reader(record);
      continue;
    }
    const index = rows++;
    if (record.kind === "bad") yield record;
    else {
      const usable = (): Outcome<T> => ({ kind: "usable", value: read!(record, index) });
      yield orBadRecord(record.line, usable);
    }
  }
}

/** What a file of a known format holds: a header, then rows in file order. */
export function readRecords(filePath: string, format: DataFormat): AsyncGenerator<DataRecord> {
  const bytes = readBytes(filePath);
  switch (format) {
    case "csv":
      return readCsv(filePath, splitLines(bytes));
    case "tsv":
      return readTsv(filePath, splitLines(bytes));
    case "json":
      return readJson(filePath, bytes);
    case "jsonl":
      return readJsonLines(splitLines(bytes));
  }
}

function assertUsable(filePath: string, rows: number, bad: BadRows, skip: boolean): void {
  if (rows === 0) {
    throw new StsError(
      "INVALID_DATA",
      `${filePath}: the file has no rows; give one that has some.`,
    );
  }
  if (!skip && bad.count > 0) {
    const advice = "Correct them, or leave them out with --on-bad-row skip.";
    throw bad.toError(filePath, rows, advice);
  }
  if (bad.count === rows) throw bad.toError(filePath, rows, "Not one is left to work with.");
}

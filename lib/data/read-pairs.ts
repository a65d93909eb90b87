import { invalidArgument, StsError } from "../foundation/errors.js";
import { type BadRow, BadRows } from "./bad-rows.js";
import { readBytes, splitLines } from "./bytes.js";
import type { ColumnMapping } from "./columns.js";
import { readCsv } from "./csv.js";
import { type DataFormat, formatOf } from "./format.js";
import { readJson, readJsonLines } from "./json.js";
import { defaultLabelRange, type LabelRange, type SentencePair } from "./pair.js";
import { type DataRecord, orBadRecord } from "./records.js";
import { type Columns, type LabelMode, resolveColumns } from "./resolve-columns.js";
import { toPair } from "./row.js";
import { readTsv } from "./tsv.js";

export type ReadOptions = {
  /** Default: by the extension, also before `.gz`. */
  format?: DataFormat | undefined;
  /** The file's names of the fields; without one the usual names are looked for. */
  columns?: ColumnMapping | undefined;
  /** Whether a row without a label is a bad row. One that is there is checked, unless ignored. */
  labels: LabelMode;
  /** Default: 0 to 5. */
  labelRange?: LabelRange;
  /** What to do about rows that cannot be used. Default: "error". */
  onBadRow?: "error" | "skip";
  /** Told of every row that is left out with `onBadRow: "skip"`. */
  onSkipped?: (row: BadRow) => void;
};

/**
 * The pairs of a file, in file order, as it is read. Empty lines are not rows.
 *
 * With `onBadRow: "error"` the first bad row is the end of the pairs: the rest of the file is only
 * checked, and one error then lists what is wrong with it.
 * @throws StsError `INVALID_DATA` for bad rows, a missing column and a file without rows,
 *   `NOT_FOUND` for a missing file, `INVALID_ARGUMENT` for an unknown extension
 */
export async function* readPairs(
  filePath: string,
  options: ReadOptions,
): AsyncGenerator<SentencePair> {
  const labelRange = checkedRange(options.labelRange ?? defaultLabelRange);
  const rules = { labels: options.labels, labelRange };
  const skip = options.onBadRow === "skip";
  const bad = new BadRows();
  let columns: Columns | undefined;
  let rows = 0;
  for await (const record of readRecords(filePath, options.format ?? formatOf(filePath))) {
    if (record.kind === "header") {
      columns = resolveColumns(filePath, record, options.columns ?? {}, options.labels);
      continue;
    }
    const index = rows++;
    const pair =
      record.kind === "bad"
        ? record
        : orBadRecord(record.line, () => toPair(record, index, columns!, rules));
    if ("kind" in pair) {
      const row = { path: filePath, line: pair.line, reason: pair.reason };
      bad.add(row);
      if (skip) options.onSkipped?.(row);
    } else if (skip || bad.count === 0) yield pair;
  }
  assertUsable(filePath, rows, bad, skip);
}

/** Reads a whole file; see {@link readPairs}. `skipped` is empty unless `onBadRow` is "skip". */
export async function loadPairs(
  filePath: string,
  options: ReadOptions,
): Promise<{ pairs: SentencePair[]; skipped: BadRow[] }> {
  const pairs: SentencePair[] = [];
  const skipped: BadRow[] = [];
  const onSkipped = (row: BadRow) => {
    skipped.push(row);
    options.onSkipped?.(row);
  };
  for await (const pair of readPairs(filePath, { ...options, onSkipped })) pairs.push(pair);
  return { pairs, skipped };
}

function readRecords(filePath: string, format: DataFormat): AsyncGenerator<DataRecord> {
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

function checkedRange(range: LabelRange): LabelRange {
  const { min, max } = range;
  if (Number.isFinite(min) && Number.isFinite(max) && min < max) return range;
  throw invalidArgument("labelRange", "finite numbers with min below max", `${min} to ${max}`);
}

function assertUsable(filePath: string, rows: number, bad: BadRows, skip: boolean): void {
  if (rows === 0) {
    throw new StsError("INVALID_DATA", `${filePath}: the file has no rows; give one with pairs.`);
  }
  if (!skip && bad.count > 0) {
    const advice = "Correct them, or leave them out with --on-bad-row skip.";
    throw bad.toError(filePath, rows, advice);
  }
  if (bad.count === rows) throw bad.toError(filePath, rows, "Not one is left to work with.");
}

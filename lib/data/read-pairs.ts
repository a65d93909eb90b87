import type { BadRow } from "./bad-rows.js";
import type { ColumnMapping } from "./columns.js";
import { type LabelMode, pairColumns } from "./pair-columns.js";
import {
  defaultLabelRange,
  requireLabelRange,
  type LabelRange,
  type SentencePair,
} from "./pair.js";
import { loadRows, readRows, type RowOptions, type RowReader } from "./read-rows.js";
import { toPair } from "./row.js";

export type ReadOptions = RowOptions & {
  /** The file's names of the fields; without one the usual names are looked for. */
  columns?: ColumnMapping | undefined;
  /** Whether a row without a label is a bad row. One that is there is checked, unless ignored. */
  labels: LabelMode;
  /** Default: 0 to 5. */
  labelRange?: LabelRange;
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
  yield* readRows(filePath, options, pairReader(filePath, options));
}

/** Reads a whole file; see {@link readPairs}. `skipped` is empty unless `onBadRow` is "skip". */
export async function loadPairs(
  filePath: string,
  options: ReadOptions,
): Promise<{ pairs: SentencePair[]; skipped: BadRow[] }> {
  const { rows, skipped } = await loadRows(filePath, options, pairReader(filePath, options));
  return { pairs: rows, skipped };
}

function pairReader(filePath: string, options: ReadOptions): RowReader<SentencePair> {
  const labelRange = requireLabelRange(options.labelRange ?? defaultLabelRange);
  const rules = { labels: options.labels, labelRange };
  return (header) => {
    const columns = pairColumns(filePath, header, options.columns ?? {}, options.labels);
    return (row, index) => toPair(row, index, columns, rules);
  };
}

import type { BadRow } from "./bad-rows.js";
import { type DataFormat, formatOf } from "./format.js";
import { pairColumns, type PairColumns } from "./pair-columns.js";
import { defaultLabelRange, requireLabelRange, type SentencePair } from "./pair.js";
import type { ReadOptions } from "./read-pairs.js";
import { loadRows } from "./read-rows.js";
import type { Header, Row } from "./records.js";
import { toPair } from "./row.js";

/** A pair and the row that it was read from, which has all columns of the file. */
export type PairRow = { pair: SentencePair; row: Row };

/** A file of pairs, from which another one with the same columns can be written. */
export type PairTable = {
  path: string;
  format: DataFormat;
  header: Header;
  /** The columns that pairs are made of. */
  columns: PairColumns;
  /** In file order. */
  rows: PairRow[];
  /** Empty unless `onBadRow` is "skip". */
  skipped: BadRow[];
};

/**
 * Reads a whole file of pairs with all its columns.
 * @throws StsError what `loadPairs` throws
 * @see writeRows
 */
export async function loadPairTable(filePath: string, options: ReadOptions): Promise<PairTable> {
  const labelRange = requireLabelRange(options.labelRange ?? defaultLabelRange);
  const rules = { labels: options.labels, labelRange };
  const format = options.format ?? formatOf(filePath);
  let found: Pick<PairTable, "header" | "columns"> | undefined;
  const { rows, skipped } = await loadRows(filePath, options, (header) => {
    const columns = pairColumns(filePath, header, options.columns ?? {}, options.labels);
    found = { header, columns };
    return (row, index) => ({ pair: toPair(row, index, columns, rules), row });
  });
  // A file without a header has no rows, which is an error.
  return { path: filePath, format, ...found!, rows, skipped };
}

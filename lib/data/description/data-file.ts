import { StsError } from "../../foundation/errors.js";
import { throwIfAborted } from "../../foundation/abort.js";
import type { BadRow } from "../bad-rows.js";
import type { ColumnMapping } from "../columns.js";
import { type DataFormat, formatOf } from "../format.js";
import { pairColumns, type PairColumns } from "../pair-columns.js";
import type { LabelRange, SentencePair } from "../pair.js";
import { readRecords } from "../read-rows.js";
import { type Header, orBadRecord, type Row } from "../records.js";
import { toPair } from "../row.js";
import { Finds } from "./collect.js";
import type { ColumnDescription, Place } from "./description.js";
import type { SentenceNumbers } from "./sentence-numbers.js";

/** A pair with all columns of its row; equal sentences have one number. */
export type DataRow = {
  path: string;
  pair: SentencePair;
  row: Row;
  first: number;
  second: number;
};

/** A file of pairs, read whole, whatever its rows are like. */
export type DataFile = {
  path: string;
  /** All rows, also those that cannot be parsed. */
  rows: number;
  badRows: BadRow[];
  header: Header;
  fields: PairColumns;
  columns: ColumnDescription[];
  /** Rows with two sentences, also those of the bad ones whose label alone is at fault. */
  pairs: DataRow[];
};

export type DataFileOptions = {
  format?: DataFormat | undefined;
  columns?: ColumnMapping | undefined;
  labelRange: LabelRange;
  /** Examples of each finding, at most. */
  examples: number;
  signal?: AbortSignal | undefined;
};

/**
 * Reads a file for what it is like: bad rows are noted down, and reading goes on.
 * @param numbers of the sentences of all files
 * @throws StsError `INVALID_DATA` where there is no column of sentences or no row, `NOT_FOUND`,
 *   `INVALID_ARGUMENT`, `ABORTED`
 */
export async function loadDataFile(
  path: string,
  options: DataFileOptions,
  numbers: SentenceNumbers,
): Promise<DataFile> {
  let reading: Reading | undefined;
  const badRows: BadRow[] = [];
  let rows = 0;
  for await (const record of readRecords(path, options.format ?? formatOf(path))) {
    throwIfAborted(options.signal, "Reading");
    if (record.kind === "header") reading = new Reading(path, record, options, numbers);
    else {
      const index = rows++;
      const reason = record.kind === "bad" ? record.reason : reading!.add(record, index);
      if (reason !== undefined) badRows.push({ path, line: record.line, reason });
    }
  }
  if (reading === undefined || rows === 0) {
    // A file of which not one row can be parsed may have no header either.
    const what = rows === 0 ? "has no rows" : `has no row that can be read: ${badRows[0]!.reason}`;
    throw new StsError("INVALID_DATA", `${path}: the file ${what}; give one that has some.`);
  }
  return { path, rows, badRows, ...reading.result() };
}

/** A file whose header is known. */
class Reading {
  readonly #fields: PairColumns;
  readonly #missing: { name: string; places: Finds<Place> }[];
  readonly #pairs: DataRow[] = [];

  constructor(
    private readonly path: string,
    private readonly header: Header,
    private readonly options: DataFileOptions,
    private readonly numbers: SentenceNumbers,
  ) {
    this.#fields = pairColumns(path, header, options.columns ?? {}, "optional");
    this.#missing = header.names.map((name) => ({ name, places: new Finds(options.examples) }));
  }

  /** @returns why some command would refuse the row */
  add(row: Row, index: number): string | undefined {
    for (const { name, places } of this.#missing) {
      const value = row.value(name);
      if (value !== undefined && value !== null && value !== "") continue;
      places.add(() => ({ path: this.path, line: row.line }));
    }
    const rules = { labels: "optional", labelRange: this.options.labelRange } as const;
    const read = (fields: PairColumns) =>
      orBadRecord(row.line, () => toPair(row, index, fields, rules));
    const pair = read(this.#fields);
    if (!("kind" in pair)) {
      this.#keep(pair, row);
      return undefined;
    }
    const withoutLabel = { ...this.#fields };
    delete withoutLabel.label;
    const unlabelled = read(withoutLabel);
    if (!("kind" in unlabelled)) this.#keep(unlabelled, row);
    return pair.reason;
  }

  result(): Pick<DataFile, "header" | "fields" | "columns" | "pairs"> {
    const columns = this.#missing.map(({ name, places }) => ({ name, missing: places.found() }));
    return { header: this.header, fields: this.#fields, columns, pairs: this.#pairs };
  }

  #keep(pair: SentencePair, row: Row): void {
    const first = this.numbers.of(pair.sentence1);
    const second = this.numbers.of(pair.sentence2);
    this.#pairs.push({ path: this.path, pair, row, first, second });
  }
}

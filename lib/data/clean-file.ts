import { throwIfAborted } from "../foundation/abort.js";
import { TimeSlice } from "../foundation/time-slice.js";
import type { Cleaner } from "../text/cleaning/cleaner.js";
import type { RuleName } from "../text/cleaning/steps.js";
import type { BadRow } from "./bad-rows.js";
import { loadPairTable, type PairRow, type PairTable } from "./pair-table.js";
import type { SentencePair } from "./pair.js";
import type { ReadOptions } from "./read-pairs.js";
import { writeRows, type WrittenRow } from "./write-rows.js";

export type CleanFileOptions = Omit<ReadOptions, "labels" | "labelRange"> & {
  /** Where the rows go with their sentences cleaned; nothing is written when left out. */
  output?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** A sentence by the 1-based line of its row and the file's own name of its column. */
export type SentencePlace = { line: number; column: string };

/** A sentence that cleaning changes. */
export type ChangedSentence = SentencePlace & { before: string; after: string };

/** What cleaning a file comes to. */
export type CleanedFile = {
  file: string;
  output: string | null;
  rows: number;
  changedRows: number;
  changes: ChangedSentence[];
  /** How many sentences each rule changed, of those that changed any. */
  byRule: Partial<Record<RuleName, number>>;
  /** The lines of pairs whose sentences have become the same. */
  identical: number[];
  /** Sentences of which nothing would be left, and which therefore stay as they are. */
  wouldBeEmpty: SentencePlace[];
  /** The placeholders that are in the file, each once. */
  placeholders: string[];
  /** Rows left out with `onBadRow: "skip"`. */
  skipped: BadRow[];
};

/**
 * Cleans the sentences of a file of pairs; all other columns, and the format, stay as they are. The
 * file itself is written only where `output` says so.
 * @throws StsError what reading throws, `ABORTED` when the signal fires, `IO_FAILED`, `INVALID_DATA`
 *   for a value that the format cannot hold
 */
export async function cleanPairFile(
  filePath: string,
  cleaner: Cleaner,
  { output, ...options }: CleanFileOptions = {},
): Promise<CleanedFile> {
  const [cleaned] = await cleanPairFiles([{ file: filePath, output }], cleaner, options);
  return cleaned!;
}

/**
 * The same for several files, of which none is written before all have been read and cleaned.
 * @throws StsError what {@link cleanPairFile} throws
 */
export async function cleanPairFiles(
  files: readonly { file: string; output?: string | undefined }[],
  cleaner: Cleaner,
  { signal, ...reading }: Omit<CleanFileOptions, "output"> = {},
): Promise<CleanedFile[]> {
  const slice = new TimeSlice(signal, "The cleaning");
  const cleaned: { output: string | undefined; table: PairTable; cleaning: TableCleaning }[] = [];
  for (const { file, output } of files) {
    const table = await loadPairTable(file, { ...reading, labels: "ignored" });
    const cleaning = new TableCleaning(table, cleaner);
    for (const row of table.rows) {
      cleaning.add(row);
      if (slice.isOver) await slice.rest();
    }
    cleaned.push({ output, table, cleaning });
  }
  for (const { output, table, cleaning } of cleaned) {
    throwIfAborted(signal, "The cleaning");
    if (output === undefined) continue;
    await writeRows(output, table.header, cleaning.rows, table.format);
  }
  return cleaned.map(({ output, cleaning: { found } }) => ({ ...found, output: output ?? null }));
}

/** Cleans pair after pair and keeps account of it. */
class TableCleaning {
  readonly found: Omit<CleanedFile, "output">;
  /** All rows, with what changes in them. */
  readonly rows: WrittenRow[] = [];
  readonly #columns: PairTable["columns"];

  constructor(
    { path, rows, skipped, columns }: PairTable,
    private readonly cleaner: Cleaner,
  ) {
    this.#columns = columns;
    const nothing = { changes: [], byRule: {}, identical: [], wouldBeEmpty: [], placeholders: [] };
    this.found = { file: path, rows: rows.length, changedRows: 0, ...nothing, skipped };
  }

  add({ pair, row }: PairRow): void {
    const changes = this.#clean(pair);
    if (Object.keys(changes).length > 0) this.found.changedRows++;
    this.rows.push({ row, changes });
  }

  /** The sentences that change, by their columns. */
  #clean({ sentence1, sentence2, line }: SentencePair): Record<string, string> {
    const { found } = this;
    const columns = this.#columns;
    const first = this.#sentence(sentence1, { line, column: columns.sentence1 });
    const second = this.#sentence(sentence2, { line, column: columns.sentence2 });
    if (first === second && sentence1 !== sentence2) found.identical.push(line);
    return {
      ...(first !== sentence1 && { [columns.sentence1]: first }),
      ...(second !== sentence2 && { [columns.sentence2]: second }),
    };
  }

  #sentence(before: string, place: SentencePlace): string {
    const { changes, byRule, wouldBeEmpty, placeholders } = this.found;
    for (const each of this.cleaner.placeholdersIn(before)) {
      if (!placeholders.includes(each)) placeholders.push(each);
    }
    const cleaned = this.cleaner.explain(before);
    if (cleaned.wouldBeEmpty) wouldBeEmpty.push(place);
    for (const rule of cleaned.changedBy) byRule[rule] = (byRule[rule] ?? 0) + 1;
    if (cleaned.text !== before) changes.push({ ...place, before, after: cleaned.text });
    return cleaned.text;
  }
}

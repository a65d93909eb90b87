import type { TimeSlice } from "../../foundation/time-slice.js";
import type { JsonObject } from "../records.js";
import { Finds } from "./collect.js";
import { findConflicts } from "./conflicts.js";
import type { DataFile, DataRow } from "./data-file.js";
import type { Duplicates } from "./description.js";
import { exampleOf, repetitionOf } from "./repetition.js";
import type { SentenceNumbers } from "./sentence-numbers.js";
import { forEach } from "./for-each.js";

/** What is done to all rows: with what, how many examples of it, and when to pause. */
export type Search = { numbers: SentenceNumbers; examples: number; slice: TimeSlice };

/** @param files whose rows are taken together, in order */
export async function findDuplicates(
  files: readonly DataFile[],
  search: Search,
): Promise<Duplicates> {
  const finder = new DuplicateFinder(search);
  for (const { pairs, header } of files) {
    await forEach(pairs, search.slice, (row) => finder.add(row, header.names));
  }
  const conflicts = await findConflicts(files, search);
  return { ...finder.found(), conflicts };
}

class DuplicateFinder {
  readonly #identicalRows;
  readonly #identicalPairs;
  readonly #swappedPairs;
  readonly #identicalSentences;
  #distinct = 0;
  /** The first row of each pair in its order. */
  readonly #firsts = new Map<number, DataRow>();
  /** Of pairs that are there more than once, the different rows. */
  readonly #different = new Map<number, Map<string, DataRow>>();

  constructor(private readonly search: Search) {
    const finds = () => new Finds<ReturnType<typeof repetitionOf>>(search.examples);
    this.#identicalRows = finds();
    this.#identicalPairs = finds();
    this.#swappedPairs = finds();
    this.#identicalSentences = new Finds<ReturnType<typeof exampleOf>>(search.examples);
  }

  /** @param columns of the row's file */
  add(row: DataRow, columns: readonly string[]): void {
    const { first, second } = row;
    const { numbers } = this.search;
    const pair = numbers.pair(first, second);
    const earlier = this.#firsts.get(pair);
    const swapped = first === second ? undefined : this.#firsts.get(numbers.pair(second, first));
    if (first === second) this.#identicalSentences.add(() => exampleOf(row));
    if (swapped) this.#swappedPairs.add(() => repetitionOf(swapped, row));
    if (earlier) {
      this.#identicalPairs.add(() => repetitionOf(earlier, row));
      this.#compareWhole(pair, earlier, row, columns);
    } else {
      this.#firsts.set(pair, row);
      if (!swapped) this.#distinct++;
    }
  }

  found(): Omit<Duplicates, "conflicts"> {
    return {
      distinct: this.#distinct,
      identicalRows: this.#identicalRows.found(),
      identicalPairs: this.#identicalPairs.found(),
      swappedPairs: this.#swappedPairs.found(),
      identicalSentences: this.#identicalSentences.found(),
    };
  }

  /** Compares all columns, but only those of rows whose pair is the same. */
  #compareWhole(pair: number, earlier: DataRow, row: DataRow, columns: readonly string[]): void {
    let different = this.#different.get(pair);
    if (different === undefined) {
      different = new Map([[wholeRow(earlier, columns), earlier]]);
      this.#different.set(pair, different);
    }
    const whole = wholeRow(row, columns);
    const same = different.get(whole);
    if (same === undefined) different.set(whole, row);
    else this.#identicalRows.add(() => repetitionOf(same, row));
  }
}

/** All values of a row as one text, the same for the same values. */
function wholeRow({ row }: DataRow, columns: readonly string[]): string {
  const values: JsonObject =
    row.object ?? Object.fromEntries(columns.map((name) => [name, row.value(name)]));
  return JSON.stringify(values, (_, value: unknown) => (isObject(value) ? sorted(value) : value));
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** In whatever order keys are, and whether or not nothing is written as null, objects are the same. */
const sorted = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

import type { PairRow, PairTable } from "../pair-table.js";
import type { SentencePair } from "../pair.js";
import type { WrittenRow } from "../write-rows.js";

/** A pair that was made of another one, whose row has its other columns. */
export type NewPair = PairRow & { origin: SentencePair };

/** What a new pair has in place of what its origin has. */
export type Change = Partial<Pick<SentencePair, "sentence1" | "sentence2" | "label">>;

/** Makes new pairs that the data do not have yet, whatever their labels, each once. */
export class NewPairs {
  readonly #ids: Set<string>;
  readonly #known: Set<string>;
  readonly made: NewPair[] = [];

  /** @param suffix of the new ids, such as `bt` in `train-1-bt` */
  constructor(
    rows: readonly PairRow[],
    private readonly suffix: string,
  ) {
    this.#ids = new Set(rows.map(({ pair }) => pair.id));
    this.#known = new Set(rows.map(({ pair }) => keyOf(pair)));
  }

  /** @returns whether the pair was new */
  add({ row, pair: origin }: PairRow, change: Change): boolean {
    const pair = { ...origin, ...change };
    const key = keyOf(pair);
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    this.made.push({ row, origin, pair: { ...pair, id: this.#newId(origin.id) } });
    return true;
  }

  #newId(id: string): string {
    let candidate = `${id}-${this.suffix}`;
    for (let n = 2; this.#ids.has(candidate); n++) candidate = `${id}-${this.suffix}-${n}`;
    this.#ids.add(candidate);
    return candidate;
  }
}

/** Sentences have no NUL. */
const keyOf = ({ sentence1, sentence2 }: Pick<SentencePair, "sentence1" | "sentence2">): string =>
  `${sentence1}\0${sentence2}`;

/** The rows of a file, then the new pairs, as `writeRows` takes them. */
export function* augmentedRows(
  { rows, columns }: Pick<PairTable, "rows" | "columns">,
  pairs: readonly NewPair[],
): Generator<WrittenRow> {
  for (const { row } of rows) yield { row };
  for (const { row, pair, origin } of pairs) {
    const changes: Record<string, string | number> = {};
    for (const field of ["id", "sentence1", "sentence2", "label"] as const) {
      const column = columns[field];
      const value = pair[field];
      if (column !== undefined && value !== null && value !== origin[field]) {
        changes[column] = value;
      }
    }
    yield { row, changes };
  }
}

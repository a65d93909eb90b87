import type { PairRow } from "../pair-table.js";
import { choose, type ChoiceOptions } from "./choose.js";
import { type NewPair, NewPairs } from "./new-pairs.js";

export type MadePairs = {
  pairs: NewPair[];
  /** As many could have been made. */
  possible: number;
};

/**
 * Pairs with their sentences in the other order, with the same label. A cross-encoder reads the two
 * orders differently; to a sentence encoder they are the same.
 * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` where there is no pair to add
 */
export function swappedPairs(rows: readonly PairRow[], options: ChoiceOptions): MadePairs {
  const candidates = new NewPairs(rows, "swap");
  for (const row of rows) {
    const { sentence1, sentence2 } = row.pair;
    candidates.add(row, { sentence1: sentence2, sentence2: sentence1 });
  }
  const { made } = candidates;
  return { pairs: choose(made, rows.length, options), possible: made.length };
}

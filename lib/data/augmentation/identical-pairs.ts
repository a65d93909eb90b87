import type { PairRow } from "../pair-table.js";
import { choose, type ChoiceOptions } from "./choose.js";
import { NewPairs } from "./new-pairs.js";
import type { MadePairs } from "./swapped-pairs.js";

/**
 * Pairs of a sentence and itself, which mean the same.
 * @param label the greatest on the scale of the data
 * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` where there is no pair to add
 */
export function identicalPairs(
  rows: readonly PairRow[],
  label: number,
  options: ChoiceOptions,
): MadePairs {
  const candidates = new NewPairs(rows, "same");
  for (const row of rows) {
    for (const sentence of [row.pair.sentence1, row.pair.sentence2]) {
      candidates.add(row, { sentence1: sentence, sentence2: sentence, label });
    }
  }
  const { made } = candidates;
  return { pairs: choose(made, rows.length, options), possible: made.length };
}

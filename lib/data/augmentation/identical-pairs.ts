import type { PairRow } from "../pair-table.js";
import { type ChoiceOptions, chooseNewPairs, type MadePairs } from "./choose.js";
import type { Change } from "./new-pairs.js";

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
  const candidates = rows.flatMap((of) =>
    [of.pair.sentence1, of.pair.sentence2].map((sentence): [PairRow, Change] => [
      of,
      { sentence1: sentence, sentence2: sentence, label },
    ]),
  );
  return chooseNewPairs(rows, "same", candidates, options);
}

import type { PairRow } from "../pair-table.js";
import { type ChoiceOptions, chooseNewPairs, type MadePairs } from "./choose.js";
import type { Change } from "./new-pairs.js";

/**
 * Pairs with their sentences in the other order, with the same label. A cross-encoder reads the two
 * orders differently; to a sentence encoder they are the same.
 * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` where there is no pair to add
 */
export const swappedPairs = (rows: readonly PairRow[], options: ChoiceOptions): MadePairs =>
  chooseNewPairs(rows, "swap", rows.map(swap), options);

const swap = (of: PairRow): [PairRow, Change] => {
  const { sentence1, sentence2 } = of.pair;
  return [of, { sentence1: sentence2, sentence2: sentence1 }];
};

import { invalidArgument, StsError } from "../../foundation/errors.js";
import type { PairRow } from "../pair-table.js";
import { Random } from "../random.js";
import { type Change, type NewPair, NewPairs } from "./new-pairs.js";

/** How many pairs to make: a number, or a share of the data's pairs. */
export type Amount = { count: number } | { fraction: number };

export type ChoiceOptions = Amount & {
  /** The same seed chooses the same. */
  seed: number;
};

export type MadePairs = {
  /** In the order of their origins. */
  pairs: NewPair[];
  /** As many could have been made. */
  possible: number;
};

/**
 * Chooses new pairs among those that the data do not have yet, without replacement.
 * @param suffix of the new ids
 * @returns as many as are asked for, or all where there are fewer
 * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` where there is no pair to add
 */
export function chooseNewPairs(
  rows: readonly PairRow[],
  suffix: string,
  candidates: Iterable<readonly [of: PairRow, change: Change]>,
  options: ChoiceOptions,
): MadePairs {
  const wanted = numberOf(options, rows.length);
  const possible = new NewPairs(rows, suffix);
  for (const [of, change] of candidates) possible.add(of, change);
  const { made } = possible;
  if (made.length === 0) {
    throw new StsError(
      "INVALID_DATA",
      "The data have every such pair already; there is none to add.",
    );
  }
  const shuffled = new Random(options.seed).shuffle([...made.keys()]);
  const chosen = new NewPairs(rows, suffix);
  for (const index of shuffled.slice(0, wanted).sort((a, b) => a - b)) {
    const { row, origin, pair } = made[index]!;
    chosen.add({ row, pair: origin }, pair);
  }
  return { pairs: chosen.made, possible: made.length };
}

/** At least one. */
function numberOf(amount: Amount, size: number): number {
  if ("count" in amount) {
    const { count } = amount;
    if (Number.isInteger(count) && count > 0) return count;
    throw invalidArgument("count", "a positive integer", count);
  }
  const { fraction } = amount;
  if (fraction > 0 && fraction <= 1) return Math.max(1, Math.round(fraction * size));
  throw invalidArgument("fraction", "a number above 0 and at most 1", fraction);
}

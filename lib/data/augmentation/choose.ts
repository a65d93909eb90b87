import { invalidArgument, StsError } from "../../foundation/errors.js";
import { Random } from "../random.js";

/** How many pairs to make: a number, or a share of the data's pairs. */
export type Amount = { count: number } | { fraction: number };

export type ChoiceOptions = Amount & {
  /** The same seed chooses the same. */
  seed: number;
};

/**
 * Chooses without replacement; what is chosen keeps its order.
 * @param size how many pairs the data have
 * @returns as many as are asked for, or all where there are fewer
 * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` where there is nothing to choose from
 */
export function choose<T>(
  candidates: readonly T[],
  size: number,
  { seed, ...amount }: ChoiceOptions,
): T[] {
  const wanted = numberOf(amount, size);
  if (candidates.length === 0) {
    throw new StsError(
      "INVALID_DATA",
      "The data have every such pair already; there is none to add.",
    );
  }
  const shuffled = new Random(seed).shuffle([...candidates.keys()]);
  const chosen = shuffled.slice(0, wanted).sort((a, b) => a - b);
  return chosen.map((index) => candidates[index]!);
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

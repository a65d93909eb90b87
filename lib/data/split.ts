import { invalidArgument, StsError } from "../foundation/errors.js";
import { Random } from "./random.js";

/**
 * Draws a validation set without replacement. Both parts keep the order of `pairs`; the same seed
 * gives the same parts.
 * @param ratio the part that goes to validation, between 0 and 1; neither part is ever empty
 * @throws StsError `INVALID_DATA` for fewer than 2 pairs
 */
export function trainValidationSplit<T>(
  pairs: readonly T[],
  ratio: number,
  seed: number,
): { train: T[]; validation: T[] } {
  if (!(ratio > 0 && ratio < 1)) {
    throw invalidArgument("ratio", "a number between 0 and 1", ratio);
  }
  if (pairs.length < 2) {
    throw new StsError(
      "INVALID_DATA",
      `A validation split needs at least 2 pairs, got ${pairs.length}; give more data.`,
    );
  }
  const size = Math.min(Math.max(Math.round(pairs.length * ratio), 1), pairs.length - 1);
  const shuffled = new Random(seed).shuffle([...pairs.keys()]);
  const chosen = new Set(shuffled.slice(0, size));
  return {
    train: pairs.filter((_, index) => !chosen.has(index)),
    validation: pairs.filter((_, index) => chosen.has(index)),
  };
}

import type { LabelRange } from "./pair.js";

/** One for each whole label of 0 to 5. */
export const bucketCount = 6;

/**
 * The bucket of a label: the nearest of six that lie evenly on the label range, the even one where
 * two are as near. Of the range 0 to 5 it is the label rounded as Python's `round` does.
 * @param label within the range
 * @returns from 0 to 5
 */
export const bucketOf = (label: number, { min, max }: LabelRange): number =>
  // Multiplied first: a half of some range would no longer be one.
  roundHalfToEven(((label - min) * (bucketCount - 1)) / (max - min));

/** How many of the labels each bucket has, [6]. */
export function countBuckets(labels: readonly number[], range: LabelRange): number[] {
  const counts = new Array<number>(bucketCount).fill(0);
  for (const label of labels) counts[bucketOf(label, range)]!++;
  return counts;
}

/** @see IEEE 754, roundTiesToEven */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

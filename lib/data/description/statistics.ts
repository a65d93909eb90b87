import { bucketCount, countBuckets } from "../buckets.js";
import type { LabelRange } from "../pair.js";
import type { Histogram, Lengths, Moments } from "./description.js";

/** Bins of a histogram: of the labels 0 to 5 each is a quarter wide, which floating point holds. */
const bins = 20;

/** @returns null where there are no values */
export function momentsOf(values: ArrayLike<number>): Moments | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return {
    ...spreadOf(sorted),
    min: sorted[0]!,
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    max: sorted.at(-1)!,
  };
}

/** @returns null where there are no values */
export function lengthsOf(values: ArrayLike<number>): Lengths | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const { n, mean, sd } = spreadOf(sorted);
  return {
    ...{ n, mean, sd },
    min: sorted[0]!,
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1)!,
  };
}

/** In two passes: squares of large values would swallow small differences between them. */
function spreadOf(values: Float64Array): Pick<Moments, "n" | "mean" | "variance" | "sd"> {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const variance = n > 1 ? squares / (n - 1) : null;
  return { n, mean, variance, sd: variance === null ? null : Math.sqrt(variance) };
}

/**
 * Interpolated linearly between the two nearest values, as pandas and numpy do by default.
 * @param sorted ascending, not empty
 * @param q from 0 to 1
 * @see Hyndman and Fan (1996), "Sample Quantiles in Statistical Packages", definition 7
 */
export function quantile(sorted: Float64Array, q: number): number {
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (high - low) * (place - below);
}

/** Bins include their lower edge, the last one both, as numpy has it. */
export function histogramOf(values: readonly number[], { min, max }: LabelRange): Histogram {
  const width = (max - min) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? max : min + i * width));
  const counts = new Array<number>(bins).fill(0);
  const outside = { below: 0, above: 0 };
  for (const value of values) {
    if (value < min) outside.below++;
    else if (value > max) outside.above++;
    else counts[binOf(value, edges, width)]!++;
  }
  return { edges, counts, ...outside };
}

/** Division may round a value over an edge. */
function binOf(value: number, edges: readonly number[], width: number): number {
  const bin = Math.min(Math.floor((value - edges[0]!) / width), bins - 1);
  if (value < edges[bin]!) return bin - 1;
  return bin < bins - 1 && value >= edges[bin + 1]! ? bin + 1 : bin;
}

/** The middles of the buckets: 0 to 5 of the range 0 to 5. */
export const bucketLabels = ({ min, max }: LabelRange): number[] =>
  Array.from(
    { length: bucketCount },
    // Multiplied first, so that whole numbers stay whole.
    (_, bucket) => min + (bucket * (max - min)) / (bucketCount - 1),
  );

/** @param labels within the range */
export function bucketsOf(
  labels: readonly number[],
  range: LabelRange,
): { label: number; count: number }[] {
  const counts = countBuckets(labels, range);
  return bucketLabels(range).map((label, bucket) => ({ label, count: counts[bucket]! }));
}

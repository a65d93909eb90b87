import type { Random } from "../data/random.js";
import { standardise } from "./moments.js";

/** Draws of n of n pairs with replacement. Every draw is in the same array as the one before. */
export function* resamples(n: number, count: number, random: Random): Generator<Uint32Array> {
  const draw = new Uint32Array(n);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < n; k++) draw[k] = random.integer(n);
    yield draw;
  }
}

/**
 * Pearson's correlation of each series with the labels on each draw of pairs.
 * @param series each [n]
 * @param labels [n]
 * @param draws each the places of the pairs that were drawn
 * @returns [draws] of [series]; NaN where a side is constant on a draw
 */
export function bootstrapCorrelations(
  series: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  draws: Iterable<ArrayLike<number>>,
): number[][] {
  // Centred once, sums of squares lose no digits that matter, and a draw takes one pass.
  const centred = series.map(standardise);
  const target = standardise(labels);
  const result: number[][] = [];
  for (const draw of draws) {
    result.push(centred.map((values) => correlation(values, target, draw)));
  }
  return result;
}

function correlation(x: Float64Array, y: Float64Array, draw: ArrayLike<number>): number {
  let [sumX, sumY, squaresX, squaresY, products] = [0, 0, 0, 0, 0];
  const n = draw.length;
  for (let k = 0; k < n; k++) {
    const [a, b] = [x[draw[k]!]!, y[draw[k]!]!];
    sumX += a;
    sumY += b;
    squaresX += a * a;
    squaresY += b * b;
    products += a * b;
  }
  const varianceX = squaresX - (sumX * sumX) / n;
  const varianceY = squaresY - (sumY * sumY) / n;
  const flat = varianceX <= 1e-12 * squaresX || varianceY <= 1e-12 * squaresY;
  if (flat) return NaN;
  return (products - (sumX * sumY) / n) / Math.sqrt(varianceX * varianceY);
}

/**
 * A quantile, on the line between the two nearest values, as NumPy has it.
 * @param sorted [n], ascending, n at least 1
 * @param level from 0 to 1
 */
export function quantile(sorted: ArrayLike<number>, level: number): number {
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

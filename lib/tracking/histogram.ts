/** How values are distributed over intervals of one width. */
export type Histogram = {
  /** Finite. */
  min: number;
  max: number;
  count: number;
  sum: number;
  sumOfSquares: number;
  /** Borders of the intervals, ascending, [counts.length + 1]. */
  edges: readonly number[];
  /** Values in each interval; one at a border belongs to the interval that it begins. */
  counts: readonly number[];
};

/** As many as TensorBoard draws of its own accord. */
export const intervals = 30;

/**
 * The histogram of some values, as numpy counts it. Those that are not finite are left out.
 * @param values [n]
 * @returns null where nothing is left
 * @see numpy.histogram
 */
export function histogramOf(values: Iterable<number>): Histogram | null {
  const finite = Float64Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return null;
  const histogram = {
    min: Infinity,
    max: -Infinity,
    count: finite.length,
    sum: 0,
    sumOfSquares: 0,
  };
  for (const value of finite) {
    histogram.min = Math.min(histogram.min, value);
    histogram.max = Math.max(histogram.max, value);
    histogram.sum += value;
    histogram.sumOfSquares += value ** 2;
  }
  const edges = edgesOf(histogram.min, histogram.max);
  return { ...histogram, edges, counts: countsOf(finite, edges) };
}

/** Borders of intervals from the least to the largest value, or around the only one. */
export function edgesOf(min: number, max: number): number[] {
  const [first, last] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  const width = (last - first) / intervals;
  const inner = Array.from({ length: intervals }, (_, i) => i * width + first);
  return [...inner, last];
}

function countsOf(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(intervals).fill(0);
  const first = edges[0]!;
  const range = edges[intervals]! - first;
  for (const value of values) {
    const index = Math.min(Math.trunc(((value - first) / range) * intervals), intervals - 1);
    counts[corrected(index, value, edges)]!++;
  }
  return counts;
}

/** Rounding may miss the interval by one. */
function corrected(index: number, value: number, edges: readonly number[]): number {
  if (value < edges[index]!) return index - 1;
  return value >= edges[index + 1]! && index < intervals - 1 ? index + 1 : index;
}

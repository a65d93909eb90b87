/** Points of a curve, ascending in x. */
export type Curve = { x: ArrayLike<number>; y: ArrayLike<number> };

export type Point = [x: number, y: number];

/**
 * A long curve as few points that look the same: of each column of pixels the first, the lowest, the
 * highest and the last point, so that no spike is lost. Points that are not finite are left out.
 * @param columns how many columns of pixels there are
 * @returns at most 4 × columns points, ascending in x
 * @see Jugel et al. (2014), "M4: A Visualization-Oriented Time Series Data Aggregation"
 */
export function thin({ x, y }: Curve, columns: number): Point[] {
  const [low, high] = [x[0] ?? 0, x[x.length - 1] ?? 0];
  const columnOf = (at: number) =>
    high > low ? Math.min(columns - 1, Math.floor((columns * (x[at]! - low)) / (high - low))) : 0;
  const kept: Point[] = [];
  let some: number[] = [];
  for (let at = 0; at < x.length; at++) {
    if (!Number.isFinite(y[at])) continue;
    if (some.length > 0 && columnOf(at) !== columnOf(some[0]!)) {
      kept.push(...extremes(some, x, y));
      some = [];
    }
    some.push(at);
  }
  return [...kept, ...extremes(some, x, y)];
}

function extremes(some: readonly number[], x: ArrayLike<number>, y: ArrayLike<number>): Point[] {
  if (some.length === 0) return [];
  const better = (isBetter: (a: number, b: number) => boolean) =>
    some.reduce((best, at) => (isBetter(y[at]!, y[best]!) ? at : best));
  const chosen = [some[0]!, better((a, b) => a < b), better((a, b) => a > b), some.at(-1)!];
  return [...new Set(chosen)].sort((a, b) => a - b).map((at) => [x[at]!, y[at]!]);
}

/**
 * The trend of a noisy curve: an exponential moving average, without the pull of its start.
 * @param span about how many points it looks back; points that are not finite are passed over
 */
export function smooth(y: ArrayLike<number>, span: number): Float64Array {
  const decay = 1 - 1 / Math.max(1, span);
  const result = new Float64Array(y.length);
  let [sum, weight] = [0, 0];
  for (let at = 0; at < y.length; at++) {
    const isFinite = Number.isFinite(y[at]);
    if (isFinite) {
      sum = decay * sum + (1 - decay) * y[at]!;
      weight = decay * weight + (1 - decay);
    }
    result[at] = isFinite ? sum / weight : NaN;
  }
  return result;
}

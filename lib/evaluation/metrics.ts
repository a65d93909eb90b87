import { invalidArgument, StsError } from "../foundation/errors.js";

/** How well predicted similarities fit the labels, over a whole set of pairs. */
export type SimilarityMetrics = {
  /** Number of pairs. */
  n: number;
  /** In [-1, 1]; null where a side is constant. */
  pearson: number | null;
  /** In [-1, 1]; null where a side is constant. */
  spearman: number | null;
  /** Mean squared error, in squared units of the label scale. */
  mse: number;
  /** Mean absolute error, in units of the label scale. */
  mae: number;
  /** Each starts with its name: `ConstantInput: …` or `NearConstantInput: …`, as in scipy. */
  warnings: string[];
};

type Values = ArrayLike<number>;

/**
 * All that is reported about predictions.
 * @param predictions [n], n at least 2
 * @param labels [n], on the same scale
 * @throws StsError INVALID_ARGUMENT for two lengths or fewer than two pairs, NOT_FINITE with the
 *   index of a NaN or an infinity
 */
export function similarityMetrics(predictions: Values, labels: Values): SimilarityMetrics {
  check({ predictions, labels }, 2);
  return {
    n: labels.length,
    pearson: pearsonOf(predictions, labels),
    spearman: pearsonOf(ranks(predictions), ranks(labels)),
    mse: meanOf(labels.length, (i) => (predictions[i]! - labels[i]!) ** 2),
    mae: meanOf(labels.length, (i) => Math.abs(predictions[i]! - labels[i]!)),
    warnings: [...constancy("prediction", predictions), ...constancy("label", labels)],
  };
}

/**
 * Pearson's correlation, good to the last digits with large offsets and tiny variances too.
 * @param x [n], n at least 2
 * @param y [n]
 * @returns in [-1, 1]; null where x or y is constant, for then it is not defined
 * @throws StsError INVALID_ARGUMENT, NOT_FINITE
 * @see Chan, Golub and LeVeque (1983), "Algorithms for Computing the Sample Variance"
 */
export function pearson(x: Values, y: Values): number | null {
  check({ x, y }, 2);
  return pearsonOf(x, y);
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, where equal values share their mean rank.
 * @param x [n], n at least 2
 * @param y [n]
 * @returns in [-1, 1]; null where x or y is constant
 * @throws StsError INVALID_ARGUMENT, NOT_FINITE
 */
export function spearman(x: Values, y: Values): number | null {
  check({ x, y }, 2);
  return pearsonOf(ranks(x), ranks(y));
}

/**
 * @param x [n], n at least 1
 * @param y [n]
 * @throws StsError INVALID_ARGUMENT, NOT_FINITE
 */
export function meanSquaredError(x: Values, y: Values): number {
  check({ x, y }, 1);
  return meanOf(x.length, (i) => (x[i]! - y[i]!) ** 2);
}

/**
 * @param x [n], n at least 1
 * @param y [n]
 * @throws StsError INVALID_ARGUMENT, NOT_FINITE
 */
export function meanAbsoluteError(x: Values, y: Values): number {
  check({ x, y }, 1);
  return meanOf(x.length, (i) => Math.abs(x[i]! - y[i]!));
}

function check(sides: Record<string, Values>, least: number): void {
  const [[first, x], [second, y]] = Object.entries(sides) as [[string, Values], [string, Values]];
  if (x.length !== y.length) {
    throw invalidArgument(second, `as many values as ${first} has (${x.length})`, y.length);
  }
  if (x.length < least) {
    const expected = least === 1 ? "at least one value" : `at least ${least} values`;
    throw invalidArgument(first, expected, x.length);
  }
  for (const [name, values] of Object.entries(sides)) {
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(values[i])) continue;
      throw new StsError(
        "NOT_FINITE",
        `${name}[${i}]: expected a finite number, got ${values[i]}.`,
      );
    }
  }
}

function pearsonOf(x: Values, y: Values): number | null {
  if (isConstant(x) || isConstant(y)) return null;
  const [u, v] = [centred(x), centred(y)];
  const covariance = sum(x.length, (i) => u[i]! * v[i]!);
  const varianceX = sum(x.length, (i) => u[i]! ** 2);
  const varianceY = sum(x.length, (i) => v[i]! ** 2);
  const correlation = covariance / Math.sqrt(varianceX * varianceY);
  return Math.max(-1, Math.min(1, correlation));
}

/** The deviations from the mean, scaled so that the largest is 1: no square over- or underflows. */
function centred(values: Values): Float64Array {
  const deviations = Float64Array.from(values);
  // Only a power of two scales without rounding.
  scale(deviations, 2 ** Math.min(1023, -Math.floor(Math.log2(largestOf(deviations)))));
  // The second pass takes away what the rounding of the mean left.
  for (let pass = 0; pass < 2; pass++) {
    const mean = meanOf(deviations.length, (i) => deviations[i]!);
    for (let i = 0; i < deviations.length; i++) deviations[i]! -= mean;
  }
  scale(deviations, 1 / largestOf(deviations));
  return deviations;
}

function scale(values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** From 1; equal values get the mean of the ranks that they take up together. */
export function ranks(values: Values): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) result[order[i]!] = (start + 1 + end) / 2;
  }
  return result;
}

/** Kahan's sum as improved by Neumaier (1974): its error does not grow with `n`. */
function sum(n: number, term: (i: number) => number): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const value = term(i);
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

function meanOf(n: number, term: (i: number) => number): number {
  return sum(n, term) / n;
}

function isConstant(values: Values): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** scipy's measure: below it, ordinary double arithmetic loses digits. */
const nearConstant = Number.EPSILON ** 0.75;

function constancy(name: string, values: Values): string[] {
  if (isConstant(values)) {
    return [
      `ConstantInput: every ${name} is ${values[0]}; Pearson and Spearman are not defined and given as null.`,
    ];
  }
  const mean = meanOf(values.length, (i) => values[i]!);
  const deviations = Float64Array.from(values, (value) => value - mean);
  const largest = largestOf(deviations);
  const spread = largest * Math.sqrt(sum(values.length, (i) => (deviations[i]! / largest) ** 2));
  if (spread >= nearConstant * Math.abs(mean)) return [];
  return [
    `NearConstantInput: the ${name}s differ from ${mean} in their last digits only; the correlations may be of rounding errors.`,
  ];
}

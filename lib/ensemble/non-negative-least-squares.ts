import { cholesky, dot, type Matrix, solveFactored } from "./cholesky.js";

/** A gradient that is smaller than this is rounding error, for a diagonal of ones. */
const tolerance = 1e-12;

/**
 * Minimises ½·xᵀ·G·x - tᵀ·x over x ≥ 0: least squares without negative coefficients, for the inner
 * products G of the regressors with each other and t with the target. The problem is convex, so what
 * comes out is the best there is. A regressor that depends on those before it stays at 0.
 * @param gram G, [n, n], symmetric, positive semi-definite, with ones on its diagonal
 * @param target t, [n]
 * @returns x, [n], not negative
 * @see Lawson and Hanson (1974), "Solving Least Squares Problems", chapter 23
 */
export function nonNegativeLeastSquares(gram: Matrix, target: readonly number[]): number[] {
  let x = target.map(() => 0);
  const dependent = new Set<number>();
  // Every round ends with a lower minimum for another set, so it stops; rounding could make it turn
  // in circles.
  for (let round = 0; round < 10 * target.length; round++) {
    const gradient = target.map((value, i) => value - dot(gram[i]!, x));
    const entering = steepest(gradient, x, dependent);
    if (entering === undefined) break;
    const next = improve(gram, target, x, entering);
    if (next === undefined) dependent.add(entering);
    else {
      x = next;
      dependent.clear();
    }
  }
  return x;
}

/** The index at 0 that gains most by growing; undefined where none gains. */
function steepest(
  gradient: readonly number[],
  x: readonly number[],
  dependent: ReadonlySet<number>,
): number | undefined {
  let best: number | undefined;
  for (const [i, value] of gradient.entries()) {
    if (x[i]! > 0 || dependent.has(i) || value <= tolerance) continue;
    if (best === undefined || value > gradient[best]!) best = i;
  }
  return best;
}

/**
 * The minimum over the positive coefficients and the entering one, without those that would turn
 * negative; undefined where the entering one depends on the others.
 */
function improve(
  gram: Matrix,
  target: readonly number[],
  start: readonly number[],
  entering: number,
): number[] | undefined {
  const x = [...start];
  let active = [...x.keys()].filter((i) => x[i]! > 0 || i === entering);
  for (;;) {
    const solution = solveAmong(gram, target, active);
    if (solution === undefined) return undefined;
    const moves = x[entering]! > 0 || solution[active.indexOf(entering)]! > 0;
    if (!moves) return undefined;
    if (solution.every((value) => value > 0)) {
      for (const [k, i] of active.entries()) x[i] = solution[k]!;
      return x;
    }
    active = stepToBoundary(x, active, solution);
  }
}

function solveAmong(
  gram: Matrix,
  target: readonly number[],
  active: readonly number[],
): number[] | undefined {
  const lower = cholesky(active.map((i) => active.map((j) => gram[i]![j]!)));
  const right = active.map((i) => target[i]!);
  return lower && solveFactored(lower, right);
}

/**
 * Goes from x towards the solution until the first coefficient is 0, and puts that one to 0.
 * @returns the indices that stay
 */
function stepToBoundary(
  x: number[],
  active: readonly number[],
  solution: readonly number[],
): number[] {
  const stepOf = (k: number) => {
    const value = x[active[k]!]!;
    return solution[k]! > 0 ? Infinity : value / (value - solution[k]!);
  };
  const steps = active.map((_, k) => stepOf(k));
  const step = Math.min(...steps);
  const leaving = steps.indexOf(step);
  for (const [k, i] of active.entries()) x[i]! += step * (solution[k]! - x[i]!);
  x[active[leaving]!] = 0;
  return active.filter((_, k) => k !== leaving);
}

import { invalidArgument, StsError } from "../foundation/errors.js";
import { cholesky, dot, type Matrix, solveFactored, solveLower } from "./cholesky.js";
import { requireVariety } from "./fit-weights.js";
import { type Members, requireLabelled, requireMembers } from "./members.js";
import { type Centred, centre } from "./moments.js";

/** A linear combination of scores. */
export type Ridge = {
  /** How strongly coefficients are drawn to 0. */
  alpha: number;
  intercept: number;
  /** [members] */
  coefficients: number[];
  /** The mean squared error of predicting each label from all others, in squared label units. */
  leaveOneOutError: number;
};

export type RidgeOptions = {
  /** Default: "auto", the one of {@link ridgeAlphas} with the least leave-one-out error. */
  alpha?: number | "auto" | undefined;
};

/** From 0.001 to 100,000, two to each power of ten. */
export const ridgeAlphas: readonly number[] = Array.from(
  { length: 17 },
  (_, i) => 10 ** (i / 2 - 3),
);

/**
 * Ridge regression of labels on scores: minimises the sum of squared errors plus alpha times the sum
 * of squared coefficients. The intercept is not drawn to 0.
 * @param members each [n], on the label scale: out-of-fold scores, since a model's scores of what it
 *   was trained on are better than any it will give again
 * @param labels [n], not all alike
 * @throws StsError `INVALID_ARGUMENT` for an option, and for alpha 0 where members depend on each
 *   other; `NOT_FINITE`; `INVALID_DATA` where all labels are alike
 * @see Hoerl and Kennard (1970), "Ridge Regression: Biased Estimation for Nonorthogonal Problems"
 */
export function fitRidge(
  members: Members,
  labels: ArrayLike<number>,
  { alpha = "auto" }: RidgeOptions = {},
): Ridge {
  requireLabelled(members, labels);
  const problem = toProblem(members, labels);
  const candidates = alpha === "auto" ? ridgeAlphas : [requireAlpha(alpha)];
  const ridges = candidates.map((candidate) => toRidge(problem, solve(problem, candidate)));
  return ridges.reduce((best, ridge) =>
    ridge.leaveOneOutError < best.leaveOneOutError ? ridge : best,
  );
}

/** The scores of a fitted combination, not clamped. @returns [n] */
export function ridgeScores(
  { intercept, coefficients }: Pick<Ridge, "intercept" | "coefficients">,
  members: Members,
): Float64Array {
  const n = requireMembers(members);
  if (members.length !== coefficients.length) {
    throw invalidArgument("members", `${coefficients.length} members`, members.length);
  }
  const result = new Float64Array(n).fill(intercept);
  for (const [m, member] of members.entries()) {
    for (let i = 0; i < n; i++) result[i]! += coefficients[m]! * member[i]!;
  }
  return result;
}

type Problem = { members: Centred[]; target: Centred; gram: Matrix; right: number[] };
type Solution = { alpha: number; lower: Matrix; coefficients: number[] };

function toProblem(scores: Members, labels: ArrayLike<number>): Problem {
  const target = requireVariety(labels);
  const members = scores.map(centre);
  const products = (a: Centred) => members.map((b) => dot(a.deviations, b.deviations));
  return { members, target, gram: members.map(products), right: products(target) };
}

function requireAlpha(alpha: number): number {
  if (Number.isFinite(alpha) && alpha >= 0) return alpha;
  throw invalidArgument("alpha", 'a number from 0, or "auto"', alpha);
}

function solve({ gram, right }: Problem, alpha: number): Solution {
  const penalised = gram.map((row, i) => row.map((value, j) => value + (i === j ? alpha : 0)));
  const lower = cholesky(penalised);
  if (lower === undefined) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `alpha: with ${alpha} there is no one solution, for members depend on each other or are ` +
        "constant; give a larger alpha or leave one of them out.",
    );
  }
  return { alpha, lower, coefficients: solveFactored(lower, right) };
}

function toRidge(problem: Problem, solution: Solution): Ridge {
  const { alpha, coefficients } = solution;
  const means = problem.members.map(({ mean }) => mean);
  return {
    alpha,
    intercept: problem.target.mean - dot(coefficients, means),
    coefficients,
    leaveOneOutError: leaveOneOutError(problem, solution),
  };
}

/**
 * The mean squared error of every pair's label as a fit to all other pairs predicts it. It follows
 * from one fit: the error is e / (1 - h), where h is how much a label draws its own prediction.
 * @see Golub, Heath and Wahba (1979), "Generalized Cross-Validation as a Method for Choosing a Good
 *   Ridge Parameter"
 */
function leaveOneOutError({ members, target }: Problem, { lower, coefficients }: Solution): number {
  const n = target.deviations.length;
  const row = new Float64Array(members.length);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (const [m, { deviations }] of members.entries()) row[m] = deviations[i]!;
    const whitened = solveLower(lower, row);
    const leverage = 1 / n + dot(whitened, whitened);
    const error = target.deviations[i]! - dot(coefficients, row);
    sum += (error / (1 - leverage)) ** 2;
  }
  return sum / n;
}

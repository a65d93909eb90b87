import { invalidArgument } from "../foundation/errors.js";
import { type Members, requireMembers } from "./members.js";

/** The mean of the members' scores. @returns [n] */
export function mean(members: Members): Float64Array {
  const n = requireMembers(members);
  const result = new Float64Array(n);
  for (const member of members) {
    for (let i = 0; i < n; i++) result[i]! += member[i]!;
  }
  // A division rounds once, where a product with 1/3 would round twice.
  return result.map((sum) => sum / members.length);
}

/**
 * The weighted mean of the members' scores.
 * @param weights [members], not negative; only their proportions matter
 * @returns [n]
 * @throws StsError `INVALID_ARGUMENT`, `NOT_FINITE`
 */
export function weightedMean(members: Members, weights: readonly number[]): Float64Array {
  const n = requireMembers(members);
  const shares = normaliseWeights(weights, members.length);
  const result = new Float64Array(n);
  for (const [m, member] of members.entries()) {
    const share = shares[m]!;
    for (let i = 0; i < n; i++) result[i]! += share * member[i]!;
  }
  return result;
}

/**
 * Weights that sum to one.
 * @param count the number of members
 * @throws StsError `INVALID_ARGUMENT` for another number of weights, a negative one, or all zero
 */
export function normaliseWeights(weights: readonly number[], count: number): number[] {
  if (weights.length !== count) {
    throw invalidArgument("weights", `${count}, one for each member`, weights.length);
  }
  for (const weight of weights) {
    if (Number.isFinite(weight) && weight >= 0) continue;
    throw invalidArgument("weights", "finite numbers from 0", weight);
  }
  const largest = Math.max(...weights);
  if (largest === 0) throw invalidArgument("weights", "at least one above 0", weights.join(","));
  // Large weights would overflow in their sum.
  const scaled = weights.map((weight) => weight / largest);
  const sum = scaled.reduce((total, weight) => total + weight, 0);
  return scaled.map((weight) => weight / sum);
}

/** The median of the members' scores; of an even number the mean of the two in the middle. */
export function median(members: Members): Float64Array {
  const n = requireMembers(members);
  const scores = new Float64Array(members.length);
  const [below, above] = [(members.length - 1) >> 1, members.length >> 1];
  return Float64Array.from({ length: n }, (_, i) => {
    for (const [m, member] of members.entries()) scores[m] = member[i]!;
    scores.sort();
    return (scores[below]! + scores[above]!) / 2;
  });
}

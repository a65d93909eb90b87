import { StsError } from "../foundation/errors.js";
import { normaliseWeights } from "./averages.js";
import { dot } from "./cholesky.js";
import { type Members, requireLabelled } from "./members.js";
import { type Centred, centre, isFlat } from "./moments.js";
import { nonNegativeLeastSquares } from "./non-negative-least-squares.js";

/**
 * The weights whose weighted mean has the highest Pearson correlation with the labels.
 *
 * Pearson does not change with the scale of the weights, and among weights of one direction least
 * squares choose the scale themselves. So the best direction is that of non-negative least squares on
 * centred scores and labels: a convex problem, whose solution is exact and needs no starting point.
 * Members that do not help have the weight 0; of members that are all alike one has the weight of all.
 * Where no member's scores rise with the labels, the weights are equal.
 * @param members each [n]
 * @param labels [n], not all alike
 * @returns [members], not negative, of the sum 1
 * @throws StsError `INVALID_ARGUMENT`, `NOT_FINITE`; `INVALID_DATA` where all labels are alike
 */
export function fitWeights(members: Members, labels: ArrayLike<number>): number[] {
  requireLabelled(members, labels);
  const target = requireVariety(labels);
  const centred = members.map(centre);
  // On a common scale rounding errors are of one size; a flat member gets no part.
  const scales = centred.map((member) => (isFlat(member) ? 0 : 1 / member.norm));
  const gram = centred.map((a, i) =>
    centred.map((b, j) => (i === j ? 1 : product(a, b) * scales[i]! * scales[j]!)),
  );
  const correlations = centred.map((a, i) => (product(a, target) * scales[i]!) / target.norm);
  const weights = nonNegativeLeastSquares(gram, correlations).map((x, i) => x * scales[i]!);
  const none = weights.every((weight) => weight === 0);
  return normaliseWeights(none ? weights.map(() => 1) : weights, members.length);
}

const product = (a: Centred, b: Centred): number => dot(a.deviations, b.deviations);

/** @throws StsError `INVALID_DATA` where all labels are alike */
export function requireVariety(labels: ArrayLike<number>): Centred {
  const target = centre(labels);
  if (!isFlat(target)) return target;
  throw new StsError(
    "INVALID_DATA",
    `all ${labels.length} labels are ${labels[0]}, so that nothing can be fitted to them; ` +
      "give data with labels that differ.",
  );
}

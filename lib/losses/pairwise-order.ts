import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * log(1 + Σ exp(scale · (sᵢ − sⱼ))) over all pairs of examples with labelᵢ < labelⱼ: what is less
 * similar should have the smaller similarity. A sum over the batch, not a mean; from 0, which it is
 * where all labels are equal.
 * @param similarities [batch]
 * @param labels on any scale, only their order counts: [batch]
 * @returns a scalar
 */
export function pairwiseOrder(similarities: Tensor, labels: Tensor, scale: number): Tensor {
  const scaled = ops.scale(similarities, scale);
  const differences = ops.sub(ops.unsqueeze(scaled, 1), ops.unsqueeze(scaled, 0));
  const isOrdered = ops.lt(ops.unsqueeze(labels, 1), ops.unsqueeze(labels, 0));
  const exponents = ops.maskedFill(differences, ops.logicalNot(isOrdered), -Infinity);
  // The one in the logarithm is exp(0).
  return ops.logsumexp(ops.cat([ops.zeros([1]), ops.flatten(exponents)]), 0);
}

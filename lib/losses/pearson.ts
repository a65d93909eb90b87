import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ScoreLoss } from "./loss.js";

// Added to both variances: without a spread the correlation counts as 0 and the gradient is finite.
const epsilon = 1e-8;

/**
 * 1 − Pearson's r of the batch's scores and labels; 0 to 2, and 1 where either does not vary. The
 * metric itself, which leaves offset and scale of the scores free: add `mse` or `l1` for scores on
 * the label scale. It compares the examples of a batch, so it wants batches of 16 or more.
 * @see Pearson (1895), "Notes on Regression and Inheritance in the Case of Two Parents"
 */
export const pearson: ScoreLoss = (scores, labels) => {
  const correlation = ops.mean(ops.mul(standardized(scores), standardized(labels)));
  return ops.addScalar(ops.scale(correlation, -1), 1);
};

/** With mean 0 and variance 1: [batch] */
function standardized(values: Tensor): Tensor {
  const centred = ops.sub(values, ops.mean(values));
  const variance = ops.mean(ops.square(centred));
  return ops.div(centred, ops.sqrt(ops.addScalar(variance, epsilon)));
}

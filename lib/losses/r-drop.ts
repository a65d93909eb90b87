import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import type { HeadOutput } from "./head-output.js";
import type { Outputs } from "./loss.js";
import { logitsOf } from "./requirements.js";

/**
 * R-Drop: how far two passes with different dropout over the same batch are apart, averaged over the
 * batch; from 0. For buckets half the sum of the two Kullback-Leibler divergences of one softmax
 * from the other, otherwise the squared difference of the scores on the label scale. A regulariser
 * for small data sets; it doubles the cost of a step.
 * @param output what the model's head puts out; `regression` for sentence encoders
 * @see Liang et al. (2021), "R-Drop: Regularized Dropout for Neural Networks"
 */
export const rDrop =
  (output: HeadOutput) =>
  (first: Outputs, second: Outputs): Tensor => {
    if (output.type !== "buckets") return ops.mseLoss(first.scores, second.scores, "mean");
    const [p, q] = [first, second].map((pass) =>
      ops.logSoftmax(logitsOf(pass, "r-drop", output.count), 1),
    ) as [Tensor, Tensor];
    const both = ops.add(ops.klDiv(p, q, "sum"), ops.klDiv(q, p, "sum"));
    return ops.scale(both, 0.5 / p.shape[0]!);
  };

import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Loss, Targets } from "./loss.js";
import { logitsOf } from "./requirements.js";

/**
 * Cross-entropy over buckets that lie evenly on the label range, averaged over the batch; from 0.
 * The right bucket is the nearest one, the even one where two are. Scores are the expectation over
 * the buckets and cannot leave the range. Worth a try where labels lie on few values; it does not
 * know that neighbouring buckets are alike.
 * @param buckets 2 or more, the head's outputs; 6 is one for each whole label of 0 to 5
 * @see torch.nn.CrossEntropyLoss
 */
export const crossEntropy =
  (buckets = 6): Loss =>
  (outputs, targets) => {
    const logits = logitsOf(outputs, "cross-entropy", buckets);
    return ops.crossEntropy(logits, nearestBuckets(targets, buckets), "mean");
  };

/** int64 [batch] */
function nearestBuckets({ labels, labelRange: { min, max } }: Targets, buckets: number): Tensor {
  // Multiplied first: 1.5 of 5 is not exactly 0.3, and a half would no longer be one.
  const positions = ops.divScalar(ops.scale(ops.addScalar(labels, -min), buckets - 1), max - min);
  return ops.to(ops.round(positions), "int64");
}

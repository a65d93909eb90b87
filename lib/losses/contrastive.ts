import { ops } from "../tensor/ops.js";
import type { Loss } from "./loss.js";
import { embeddingsOf } from "./requirements.js";
import { cosine } from "./similarity.js";

/**
 * Contrastive loss on cosine distances d = 1 − cosine: ½d² for similar pairs, ½max(0, margin − d)²
 * for others, averaged over the batch; 0 to 2. A pair is similar from the middle of the label range
 * on. For labels that say no more than yes or no.
 * @param margin above 0, at most 2: the distance from which dissimilar pairs are left alone
 * @see Hadsell et al. (2006), "Dimensionality Reduction by Learning an Invariant Mapping";
 * sentence-transformers' ContrastiveLoss
 */
export const contrastive =
  (margin = 0.5): Loss =>
  (outputs, { labels, labelRange: { min, max } }) => {
    const [first, second] = embeddingsOf(outputs, "contrastive");
    const distances = ops.addScalar(ops.scale(cosine(first, second), -1), 1);
    const shortfalls = ops.relu(ops.addScalar(ops.scale(distances, -1), margin));
    const isSimilar = ops.ge(labels, (min + max) / 2);
    const pulled = ops.mul(ops.square(distances), isSimilar);
    const pushed = ops.mul(ops.square(shortfalls), ops.logicalNot(isSimilar));
    return ops.scale(ops.mean(ops.add(pulled, pushed)), 0.5);
  };

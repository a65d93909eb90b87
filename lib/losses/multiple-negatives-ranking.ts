import { ops } from "../tensor/ops.js";
import type { Loss } from "./loss.js";
import { embeddingsOf } from "./requirements.js";
import { unitVectors } from "./similarity.js";

/**
 * In-batch negatives: for the first sentence of each similar pair, the softmax cross-entropy of
 * finding its second sentence among those of the whole batch and the hard negatives, by the scaled
 * cosine; averaged over the similar pairs; from 0. Pairs below `threshold` only lend their second
 * sentences; without a pair above it the loss is 0. For search and for paraphrases without negative
 * examples; the same sentence twice in a batch counts as a wrong answer to itself. The larger the
 * batch, the better.
 * @param scale above 0, the inverse temperature
 * @param threshold the share of the label range from which a pair is similar, 0 to 1
 * @see Henderson et al. (2017), "Efficient Natural Language Response Suggestion for Smart Reply";
 * sentence-transformers' MultipleNegativesRankingLoss
 */
export const multipleNegativesRanking =
  (scale = 20, threshold = 0.8): Loss =>
  (outputs, { labels, labelRange: { min, max } }) => {
    const [first, ...others] = embeddingsOf(outputs, "multiple-negatives-ranking");
    const isSimilar = ops.ge(labels, min + threshold * (max - min));
    const similar = ops.flatten(ops.nonzero(isSimilar));
    const anchors = ops.indexSelect(first, 0, similar);
    // The sum of no rows: zero, with a gradient of zeros, where a mean would not be a number.
    if (similar.shape[0] === 0) return ops.sum(anchors);
    const candidates = unitVectors(ops.cat(others));
    const cosines = ops.matmul(unitVectors(anchors), ops.t(candidates));
    return ops.crossEntropy(ops.scale(cosines, scale), similar, "mean");
  };

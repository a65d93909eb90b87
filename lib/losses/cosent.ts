import type { Loss } from "./loss.js";
import { pairwiseOrder } from "./pairwise-order.js";
import { embeddingsOf } from "./requirements.js";
import { cosine } from "./similarity.js";

/**
 * CoSENT: {@link pairwiseOrder} of the cosines of the pairs' embeddings; from 0. Trains the order of
 * the pairs, which is what Spearman's correlation measures; sentence-transformers recommends it over
 * `cosine-mse`. It compares the examples of a batch, so it wants batches of 16 or more.
 * @param scale above 0, the inverse temperature
 * @see Huang et al. (2024), "CoSENT: Consistent Sentence Embedding via Similarity Ranking";
 * sentence-transformers' CoSENTLoss
 */
export const cosent =
  (scale = 20): Loss =>
  (outputs, { labels }) => {
    const [first, second] = embeddingsOf(outputs, "cosent");
    return pairwiseOrder(cosine(first, second), labels, scale);
  };

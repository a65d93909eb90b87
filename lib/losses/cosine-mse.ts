import { ops } from "../tensor/ops.js";
import type { Loss } from "./loss.js";
import { embeddingsOf, shareOfRange } from "./requirements.js";
import { cosine } from "./similarity.js";

/**
 * Mean squared error of the cosine of a pair's embeddings against the label as a share of the label
 * range; 0 to 4. The classic loss of a sentence encoder on similarity labels. It wants the cosines
 * of unrelated sentences at 0, where `cosent` is content with their order.
 * @see Reimers and Gurevych (2019), "Sentence-BERT"; sentence-transformers' CosineSimilarityLoss
 */
export const cosineMse: Loss = (outputs, targets) => {
  const [first, second] = embeddingsOf(outputs, "cosine-mse");
  return ops.mseLoss(cosine(first, second), shareOfRange(targets), "mean");
};

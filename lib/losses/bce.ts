import { ops } from "../tensor/ops.js";
import type { Loss } from "./loss.js";
import { logitsOf, shareOfRange } from "./requirements.js";

/**
 * Binary cross-entropy of the head's one logit against the label as a share of the label range,
 * averaged over the batch; from 0, and above 0 for labels inside the range even when all scores are
 * right. Scores cannot leave the range. What sentence-transformers uses for cross-encoders.
 * @see torch.nn.BCEWithLogitsLoss; sentence-transformers' BinaryCrossEntropyLoss
 */
export const bce: Loss = (outputs, targets) => {
  const logits = ops.squeeze(logitsOf(outputs, "bce", 1), 1);
  return ops.binaryCrossEntropyWithLogits(logits, shareOfRange(targets), "mean");
};

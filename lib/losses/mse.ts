import { ops } from "../tensor/ops.js";
import type { ScoreLoss } from "./loss.js";

/**
 * Mean squared error (L2), (score − label)² averaged over the batch; from 0. What Hugging Face
 * models use for regression.
 * @see torch.nn.MSELoss
 */
export const mse: ScoreLoss = (scores, labels) => ops.mseLoss(scores, labels, "mean");

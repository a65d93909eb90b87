import { ops } from "../tensor/ops.js";
import type { ScoreLoss } from "./loss.js";

/**
 * Huber loss, averaged over the batch; from 0. Quadratic within `delta`, linear with slope `delta`
 * beyond: small errors are refined as by `mse`, and wrong labels pull as little as with `l1`.
 * @param delta above 0, on the label scale
 * @see Huber (1964), "Robust Estimation of a Location Parameter"; torch.nn.HuberLoss
 */
export const huber =
  (delta = 1): ScoreLoss =>
  (scores, labels) =>
    ops.huberLoss(scores, labels, "mean", delta);

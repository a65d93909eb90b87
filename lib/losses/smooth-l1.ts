import { ops } from "../tensor/ops.js";
import type { ScoreLoss } from "./loss.js";

/**
 * Smooth L1 loss, averaged over the batch; from 0. Huber's divided by `beta`: the linear part has
 * slope 1 whatever `beta` is, so that a small one comes near to `l1` without its corner.
 * @param beta above 0, on the label scale
 * @see Girshick (2015), "Fast R-CNN"; torch.nn.SmoothL1Loss
 */
export const smoothL1 =
  (beta = 1): ScoreLoss =>
  (scores, labels) =>
    ops.smoothL1Loss(scores, labels, "mean", beta);

import { ops } from "../tensor/ops.js";
import type { ScoreLoss } from "./loss.js";

/**
 * Mean absolute error, |score − label| averaged over the batch; from 0. Its gradient does not grow
 * with the error, so that a few wrong labels pull little.
 * @see torch.nn.L1Loss
 */
export const l1: ScoreLoss = (scores, labels) => ops.l1Loss(scores, labels, "mean");

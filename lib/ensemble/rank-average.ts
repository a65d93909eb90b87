import type { LabelRange } from "../data/pair.js";
import { ranks } from "../evaluation/metrics.js";
import { mean } from "./averages.js";
import { type Members, requireMembers } from "./members.js";

/**
 * Averages ranks in place of scores, so that no member weighs more because its scores spread more.
 * Equal scores share their mean rank. The averaged rank goes onto the label range in a straight line:
 * the lowest rank that there is, 1, is the least label, and the highest, n, the greatest. Pearson's
 * correlation is that of the averaged ranks. The scores spread evenly over the range, which labels
 * need not do: their errors (MSE, MAE) say little.
 * @returns [n], within the range; its middle for one pair
 */
export function rankAverage(members: Members, { min, max }: LabelRange): Float64Array {
  const n = requireMembers(members);
  const averaged = mean(members.map(ranks));
  return averaged.map((rank) => min + (n > 1 ? (rank - 1) / (n - 1) : 0.5) * (max - min));
}

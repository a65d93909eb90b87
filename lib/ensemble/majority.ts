import { bucketCount, bucketOf } from "../data/buckets.js";
import { clampLabel, type LabelRange } from "../data/pair.js";
import { mean } from "./averages.js";
import { type Members, requireMembers } from "./members.js";

/**
 * Hard voting: every member's score is rounded to the nearest of six labels that lie evenly on the
 * range (0, 1, … 5 of the range 0 to 5), and the label that most of them have wins. Among equally
 * frequent ones it is the nearest to the mean of the scores; the lower where two are as near.
 * @returns [n], labels of the range
 * @see bucketOf
 */
export function majority(members: Members, range: LabelRange): Float64Array {
  requireMembers(members);
  const { min, max } = range;
  const labelOf = (bucket: number) => min + (bucket * (max - min)) / (bucketCount - 1);
  const clamped = members.map((member) =>
    Float64Array.from(member, (score) => clampLabel(score, range)),
  );
  return mean(clamped).map((centre, i) => {
    const votes = new Array<number>(bucketCount).fill(0);
    for (const member of clamped) votes[bucketOf(member[i]!, range)]!++;
    const most = Math.max(...votes);
    const winners = [...votes.keys()].filter((bucket) => votes[bucket] === most).map(labelOf);
    const distance = (label: number) => Math.abs(label - centre);
    // The first of equals is the lower one.
    return winners.reduce((best, label) => (distance(label) < distance(best) ? label : best));
  });
}

import { Random } from "../data/random.js";
import { pearson } from "../evaluation/metrics.js";
import { invalidArgument, StsError } from "../foundation/errors.js";
import { mean } from "./averages.js";
import { bootstrapCorrelations, quantile, resamples as draws } from "./bootstrap.js";
import { crossFit, type Learn } from "./cross-fit.js";
import { type Members, requireLabelled } from "./members.js";

export type AssessOptions = {
  /** How often pairs are drawn for the intervals, 100 or more. Default: 1000. */
  resamples?: number | undefined;
  /** Decides the folds and the draws. Default: 42. */
  seed?: number | undefined;
};

/** A difference of two Pearson correlations on the same pairs. */
export type Gain = {
  estimate: number;
  /** The bounds of the 95 % interval. */
  low: number;
  high: number;
  /** What the interval says: all of it above 0, 0 in it, all of it below. */
  verdict: "better" | "within noise" | "worse";
};

/** How good a combination is, by Pearson's correlation with the labels; null where undefined. */
export type Assessment = {
  /** Number of pairs. */
  n: number;
  /** [members] */
  members: (number | null)[];
  /** The place of the best member. */
  best: number;
  /** Of the members' mean. */
  mean: number | null;
  /** Of the combination on the pairs that it was learnt from: flattering. */
  inSample: number | null;
  /** Of scores by combinations that were learnt without the pair. */
  crossValidated: number | null;
  /** `crossValidated` less `mean`; null where it is undefined. */
  gainOverMean: Gain | null;
  /** `crossValidated` less the best member's. */
  gainOverBest: Gain | null;
  /**
   * What to use: the combination where both gains are more than noise, else the better one of those
   * over which it has no gain, the mean or the best member.
   */
  use: "combination" | "mean" | "best";
};

const folds = 10;

/** With fewer no interval means anything. */
const leastPairs = 20;

/**
 * Whether a combination that is learnt is worth it. Its gain is measured on pairs that it was not
 * learnt from (10-fold cross-validation), since on its own pairs it wins by construction. The
 * interval is the bootstrap's of percentiles: pairs are drawn with replacement, and on each draw the
 * cross-validated scores and what they are compared with are correlated with the labels. Nothing is
 * learnt anew on a draw, whose repeated pairs would stand in two folds at once. The best member is
 * chosen with all pairs, which makes the gain over it rather too small than too large.
 * @param members each [n], n at least 20
 * @param labels [n]
 * @throws StsError `INVALID_ARGUMENT`, `NOT_FINITE`, `INVALID_DATA` for fewer than 20 pairs; what
 *   `learn` throws
 * @see Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13
 */
export function assess(
  members: Members,
  labels: ArrayLike<number>,
  learn: Learn,
  { resamples = 1000, seed = 42 }: AssessOptions = {},
): Assessment {
  const n = requireLabelled(members, labels);
  if (!Number.isSafeInteger(resamples) || resamples < 100) {
    throw invalidArgument("resamples", "a whole number from 100", resamples);
  }
  if (n < leastPairs) {
    throw new StsError(
      "INVALID_DATA",
      `fitting needs at least ${leastPairs} labelled pairs, got ${n}; give more of them.`,
    );
  }
  const fitted = learn(members, labels)(members);
  const held = crossFit(members, labels, learn, folds, seed);
  const average = mean(members);
  const correlations = members.map((member) => pearson(member, labels));
  const best = placeOfLargest(correlations);
  const random = new Random(seed);
  const drawn = bootstrapCorrelations(
    [held, average, members[best]!],
    labels,
    draws(n, resamples, random),
  );
  const crossValidated = pearson(held, labels);
  const ofMean = pearson(average, labels);
  const gain = (other: number | null, place: number) =>
    toGain(
      crossValidated,
      other,
      drawn.map((draw) => draw[0]! - draw[place]!),
    );
  const gainOverMean = gain(ofMean, 1);
  const gainOverBest = gain(correlations[best]!, 2);
  return {
    n,
    members: correlations,
    best,
    mean: ofMean,
    inSample: pearson(fitted, labels),
    crossValidated,
    gainOverMean,
    gainOverBest,
    use: choose(gainOverMean, gainOverBest),
  };
}

function choose(overMean: Gain | null, overBest: Gain | null): Assessment["use"] {
  if (overMean?.verdict === "better") {
    return overBest?.verdict === "better" ? "combination" : "best";
  }
  // What has less of a gain over it is the better one of the two.
  const bestIsBetter = overMean && overBest && overBest.estimate < overMean.estimate;
  return bestIsBetter && overBest.verdict !== "better" ? "best" : "mean";
}

function placeOfLargest(values: readonly (number | null)[]): number {
  const known = values.map((value) => value ?? -Infinity);
  return known.indexOf(Math.max(...known));
}

function toGain(
  value: number | null,
  other: number | null,
  differences: readonly number[],
): Gain | null {
  // On a draw of a few pairs a side may be constant.
  const sorted = Float64Array.from(differences.filter((each) => !Number.isNaN(each))).sort();
  if (value === null || other === null || sorted.length === 0) return null;
  const [low, high] = [quantile(sorted, 0.025), quantile(sorted, 0.975)];
  const verdict = low > 0 ? "better" : high < 0 ? "worse" : "within noise";
  return { estimate: value - other, low, high, verdict };
}

import { clampLabel, defaultLabelRange, type LabelRange, requireLabelRange } from "../data/pair.js";
import { invalidArgument, StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import { mean, median, weightedMean } from "./averages.js";
import { majority } from "./majority.js";
import type { Members } from "./members.js";
import { rankAverage } from "./rank-average.js";

/**
 * How several scores become one:
 * - `mean`, `median`
 * - `weighted`: the mean with a weight for each member
 * - `rank`: the mean of ranks, spread over the label range; see {@link rankAverage}
 * - `majority`: the label that most scores are rounded to; see {@link majority}
 */
export const voteMethods = ["mean", "weighted", "rank", "median", "majority"] as const;
export type VoteMethod = (typeof voteMethods)[number];

export type VoteOptions = {
  /** Default: "mean", or "weighted" where there are weights. */
  method?: VoteMethod | undefined;
  /** [members], not negative; only their proportions matter. For the method "weighted". */
  weights?: readonly number[] | undefined;
  /** What the scores are clamped to. Default: 0 to 5. */
  labelRange?: LabelRange | undefined;
};

/**
 * Votes on the scores of several models.
 * @param members each [n]
 * @returns [n], within the label range
 * @throws StsError `INVALID_ARGUMENT` for an option or members of different lengths, `NOT_FINITE`
 */
export function vote(members: Members, options: VoteOptions = {}): Float64Array {
  const range = requireLabelRange(options.labelRange ?? defaultLabelRange);
  const method = methodOf(options);
  const scores = combine(members, method, options.weights, range);
  return scores.map((score) => clampLabel(score, range));
}

/** The method that is meant. @throws StsError `INVALID_ARGUMENT` where weights do not fit it */
export function methodOf({ method, weights }: VoteOptions): VoteMethod {
  const meant = method ?? (weights ? "weighted" : "mean");
  if (!voteMethods.includes(meant)) {
    const { message } = invalidArgument("method", `one of ${voteMethods.join(", ")}`, meant);
    throw new StsError("INVALID_ARGUMENT", message + suggestion(meant, voteMethods));
  }
  if ((meant === "weighted") === (weights !== undefined)) return meant;
  const problem =
    meant === "weighted"
      ? 'the method "weighted" needs weights: give them, or fit them.'
      : `weights belong to the method "weighted", not to "${meant}".`;
  throw new StsError("INVALID_ARGUMENT", problem);
}

function combine(
  members: Members,
  method: VoteMethod,
  weights: readonly number[] | undefined,
  range: LabelRange,
): Float64Array {
  switch (method) {
    case "mean":
      return mean(members);
    case "weighted":
      return weightedMean(members, weights!);
    case "rank":
      return rankAverage(members, range);
    case "median":
      return median(members);
    case "majority":
      return majority(members, range);
  }
}

import type { Assessment, Gain } from "../ensemble/assess.js";
import { digits, grid } from "./format.js";

/** What is shown of a combination that was learnt. */
export type Learnt = {
  /** What it is called, such as "weighted". */
  name: string;
  /** The members' files. */
  files: readonly string[];
  /** What a member's number is called, such as "weight". */
  part: string;
  /** [files] */
  parts: readonly number[];
  assessment: Assessment;
};

/** A table of correlations, the gains with their intervals, and what they mean. */
export function describeLearnt({ name, files, part, parts, assessment }: Learnt): string {
  const { members, mean, inSample, crossValidated, gainOverMean, gainOverBest } = assessment;
  const best = files[assessment.best]!;
  return [
    grid([
      ["", "Pearson", part],
      ...files.map((file, i) => [file, digits(members[i]!), parts[i]!.toFixed(4)]),
      ["mean", digits(mean)],
      [`${name}, on the pairs that it was fitted to`, digits(inSample)],
      [`${name}, on pairs that it was not fitted to`, digits(crossValidated)],
    ]),
    "",
    `gain over the mean: ${describeGain(gainOverMean)}`,
    `gain over the best, ${best}: ${describeGain(gainOverBest)}`,
    verdict(assessment, best),
  ].join("\n");
}

const signed = (value: number): string => `${value < 0 ? "-" : "+"}${digits(Math.abs(value))}`;

const describeGain = (gain: Gain | null): string =>
  gain === null
    ? digits(null)
    : `${signed(gain.estimate)}, 95 % interval ${signed(gain.low)} to ${signed(gain.high)}`;

function verdict({ use, gainOverMean, gainOverBest }: Assessment, best: string): string {
  if (use === "combination") return "Both gains are more than noise.";
  const [simpler, gain] =
    use === "mean" ? ["the mean", gainOverMean] : [`${best} alone`, gainOverBest];
  switch (gain?.verdict) {
    case "worse":
      return `It does worse than ${simpler}: use ${simpler}.`;
    case "within noise":
      return `The gain over ${simpler} is within noise: use ${simpler}.`;
    default:
      return `Whether there is a gain cannot be said: use ${simpler}.`;
  }
}

/** The same as programs read it. */
export function learntResult({ files, part, parts, assessment }: Learnt): object {
  const { n, members, best, ...figures } = assessment;
  return {
    n,
    members: files.map((file, i) => ({ file, pearson: members[i]!, [part]: parts[i]! })),
    best: files[best]!,
    ...figures,
  };
}

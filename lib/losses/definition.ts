import type { HeadOutput } from "./head-output.js";
import type { Loss } from "./loss.js";

/** A number that a loss takes. */
export type ParameterDefinition = {
  default: number;
  range: ParameterRange;
  /** What it does, in one line. */
  meaning: string;
};

export type ParameterRange = {
  /** `min` itself is included unless `aboveMin` says otherwise. */
  min: number;
  max: number;
  aboveMin?: boolean;
  integer?: boolean;
};

/** A loss as the composition language knows it. */
export type LossDefinition = {
  parameters: Readonly<Record<string, ParameterDefinition>>;
  /** Which of a model's outputs it reads; `passes` is the whole of two of them. */
  needs: "scores" | "logits" | "embeddings" | "passes";
  /** Whether it compares the examples of a batch, so that gradient accumulation does not replace a larger one. */
  couplesExamples: boolean;
  /** Whether it can use more than the two texts of a pair. */
  usesHardNegatives: boolean;
  /** What the head must put out for it; left out where any output will do. */
  output?(parameters: Readonly<Record<string, number>>): HeadOutput;
  /** Left out for what is no function of one pass. */
  create?(parameters: Readonly<Record<string, number>>): Loss;
};

/** Fills in what is usual, and checks that the functions ask for no other parameters. */
export const define = <Name extends string>(definition: {
  parameters?: Record<Name, ParameterDefinition>;
  needs: LossDefinition["needs"];
  couplesExamples?: boolean;
  usesHardNegatives?: boolean;
  output?: (parameters: Record<Name, number>) => HeadOutput;
  create?: (parameters: Record<Name, number>) => Loss;
}): LossDefinition => ({
  parameters: {},
  couplesExamples: false,
  usesHardNegatives: false,
  ...definition,
});

/** Whether a number lies in a range. */
export const isInRange = (
  value: number,
  { min, max, aboveMin, integer }: ParameterRange,
): boolean =>
  Number.isFinite(value) &&
  (aboveMin ? value > min : value >= min) &&
  value <= max &&
  (!integer || Number.isInteger(value));

/** Such as `a number above 0` or `an integer from 2 to 1000`. */
export function describeRange({ min, max, aboveMin, integer }: ParameterRange): string {
  const kind = integer ? "an integer" : "a number";
  if (aboveMin) return `${kind} above ${min}${max === Infinity ? "" : ` and at most ${max}`}`;
  return `${kind} from ${min}${max === Infinity ? " on" : ` to ${max}`}`;
}

import type { SimilarityMetrics } from "../../evaluation/metrics.js";
import type { TrainSummary } from "../summary.js";

export type Figures = Omit<SimilarityMetrics, "warnings">;

/** How well a fold's model does on the pairs that it was not trained on. */
export type FoldResult = Figures & {
  /** From 1. */
  fold: number;
  /** Pairs of the fold by label, rounded to six buckets. */
  buckets: number[];
  /** The evaluation that chose its weights; null in a full training, whose last weights count. */
  best: TrainSummary["best"];
  /** The run's directory. */
  output: string;
};

/** Over the folds; null where it is not defined, as the deviation of one fold. */
export type Spread = { mean: number | null; sd: number | null };

/** What a cross-validation comes to: `summary.json`. All figures are of the predictions as written. */
export type CrossValidationSummary = {
  /** Those that are finished. */
  folds: FoldResult[];
  /** Those that are not, here; the following are null then. */
  missing: number[];
  /** Mean and sample standard deviation of the folds' figures. */
  spread: { pearson: Spread; spearman: Spread } | null;
  /** Every pair as the model predicted it that was not trained on it. */
  outOfFold: Figures | null;
  /** The mean of the folds' predictions; null without a test file or without its labels. */
  test: Figures | null;
  output: string;
};

/** Mean and sample standard deviation, with n - 1; null where a value is. */
export function spreadOf(values: readonly (number | null)[]): Spread {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return { mean: null, sd: null };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length === 1) return { mean, sd: null };
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (known.length - 1)) };
}

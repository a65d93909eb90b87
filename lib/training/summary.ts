import type { SimilarityMetrics } from "../evaluation/metrics.js";

/** What a finished run comes to: `summary.json`. */
export type TrainSummary = {
  /** The evaluation with the highest Pearson on dev. A correlation is null for constant scores. */
  best: { epoch: number; step: number; pearson: number | null; spearman: number | null };
  /** The best weights on the test file; null without one or without its labels. */
  test: Omit<SimilarityMetrics, "warnings"> | null;
  /** Training throughput, without evaluation and saving. */
  pairsPerSecond: number;
  /** Optimizer steps taken. */
  steps: number;
  output: string;
};

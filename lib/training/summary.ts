import type { SimilarityMetrics } from "../evaluation/metrics.js";

/** What a finished run comes to: `summary.json`. */
export type TrainSummary = {
  /**
   * The evaluation with the highest Pearson on dev; null in a full training. A correlation is
   * null for constant scores.
   */
  best: {
    epoch: number;
    step: number;
    pearson: number | null;
    spearman: number | null;
  } | null;
  /** The best weights, or the last of a full training, on the test file; null without one or without its labels. */
  test: Omit<SimilarityMetrics, "warnings"> | null;
  /** Training throughput, without evaluation and saving. */
  pairsPerSecond: number;
  /** Optimizer steps taken. */
  steps: number;
  /** Of those, the ones that fp16 skipped because of overflow. */
  skippedSteps: number;
  output: string;
};

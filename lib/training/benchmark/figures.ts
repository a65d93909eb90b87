import type { PredictionPrecision } from "../../models/precision.js";

/** How long one pair alone takes, in milliseconds. */
export type Latency = { p50: number; p90: number; p99: number };

/** What was measured of training and predicting alike. */
export type Speed = {
  pairsPerSecond: number;
  /** Memory of a process that does nothing else, at most. */
  peakBytes: number;
};

/** How far scores are from those of fp32, in units of the labels. */
export type ScoreChange = { mean: number; largest: number };

export type PredictionFigures = Speed & {
  latency: Latency;
  /** Null without labels. */
  pearson: number | null;
  /** Null for fp32 itself. */
  change: ScoreChange | null;
};

/** What was measured in one precision. */
export type PrecisionFigures = {
  precision: PredictionPrecision;
  predict: PredictionFigures;
  /** Null for a precision that is there for predictions alone. */
  train: Speed | null;
};

/**
 * The smallest value that at least `share` of all values do not exceed.
 * @param share from 0 to 1
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export function scoreChange(scores: readonly number[], reference: readonly number[]): ScoreChange {
  const changes = scores.map((score, i) => Math.abs(score - reference[i]!));
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return { mean, largest: Math.max(...changes) };
}

import type { LabelRange } from "../../data/pair.js";
import type { PredictionPrecision } from "../../models/precision.js";
import type { PrecisionFigures } from "./figures.js";

/** What a precision may cost to be recommended. */
export const bounds = {
  /** By how much Pearson may fall from that of fp32. */
  pearson: 0.002,
  /** Without labels: the mean change of the scores, as a share of the label range. */
  scores: 0.01,
} as const;

export type Recommendation = {
  /** The fastest precision that changes the scores by no more than the bound. */
  predict: PredictionPrecision;
  /** The fastest one; how good the trained model becomes is not measured. */
  train: PredictionPrecision;
  /** Which bound decided, and its value. */
  bound: { on: keyof typeof bounds; value: number };
};

/** @param results of each precision, that of fp32 first */
export function recommend(
  results: readonly PrecisionFigures[],
  labelRange: LabelRange,
): Recommendation {
  const reference = results[0]!.predict.pearson;
  const on = reference === null ? "scores" : "pearson";
  const near = results.filter(({ predict: { pearson, change } }) => {
    if (change === null) return true;
    if (reference !== null) return pearson !== null && reference - pearson <= bounds.pearson;
    return change.mean <= bounds.scores * (labelRange.max - labelRange.min);
  });
  return {
    predict: fastest(near, "predict"),
    train: fastest(results, "train"),
    bound: { on, value: bounds[on] },
  };
}

const fastest = (results: readonly PrecisionFigures[], job: "predict" | "train") =>
  results.reduce((best, one) => (speedOf(one, job) > speedOf(best, job) ? one : best)).precision;

const speedOf = (figures: PrecisionFigures, job: "predict" | "train"): number =>
  figures[job]?.pairsPerSecond ?? 0;

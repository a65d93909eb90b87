import type { PredictionPrecision } from "../../../lib/models/precision.js";
import {
  quantile,
  scoreChange,
  type PrecisionFigures,
} from "../../../lib/training/benchmark/figures.js";
import { recommend } from "../../../lib/training/benchmark/recommend.js";

const range = { min: 0, max: 5 };

/** Figures of a precision of which only some matter. */
function figuresOf(
  precision: PredictionPrecision,
  [predictSpeed, trainSpeed]: [number, number | null],
  { pearson = null, mean }: { pearson?: number | null; mean?: number } = {},
): PrecisionFigures {
  const change = mean === undefined ? null : { mean, largest: 2 * mean };
  const latency = { p50: 1, p90: 1, p99: 1 };
  return {
    precision,
    predict: { pairsPerSecond: predictSpeed, peakBytes: 1, latency, pearson, change },
    train: trainSpeed === null ? null : { pairsPerSecond: trainSpeed, peakBytes: 1 },
  };
}

it("with labels a precision that costs Pearson is not recommended, however fast it is", () => {
  const results = [
    figuresOf("fp32", [10, 10], { pearson: 0.9 }),
    figuresOf("bf16", [20, 15], { pearson: 0.8985, mean: 1 }),
    figuresOf("fp16", [30, 5], { pearson: 0.897, mean: 0.0001 }),
  ];
  expect(recommend(results, range)).toEqual({
    ...{ predict: "bf16", train: "bf16" },
    bound: { on: "pearson", value: 0.002 },
  });
});

it("without labels the scores may change by a hundredth of the label range", () => {
  const results = [
    figuresOf("fp32", [10, 10]),
    figuresOf("bf16", [30, 9], { mean: 0.051 }),
    figuresOf("int8", [20, null], { mean: 0.049 }),
  ];
  expect(recommend(results, range)).toEqual({
    ...{ predict: "int8", train: "fp32" },
    bound: { on: "scores", value: 0.01 },
  });
});

it("a Pearson that is not defined is no reason to recommend", () => {
  const results = [
    figuresOf("fp32", [10, 10], { pearson: 0.9 }),
    figuresOf("bf16", [20, 20], { pearson: null, mean: 0 }),
  ];
  expect(recommend(results, range).predict).toBe("fp32");
});

it("changes are distances, and quantiles are values that were measured", () => {
  const change = scoreChange([1, 2, 3], [1, 2.5, 2]);
  expect(change).toEqual({ mean: 0.5, largest: 1 });
  expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5);
});

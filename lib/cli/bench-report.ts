import type { Benchmark } from "../training/benchmark/benchmark.js";
import type { PrecisionFigures } from "../training/benchmark/figures.js";
import { bytes, counted, digits, grid } from "./format.js";

/** A benchmark as people read it, with what it recommends at the end. */
export function describeBenchmark(result: Benchmark): string {
  const { pairs, batchSize, precisions, labelled } = result;
  return [
    `${counted(pairs, "pair")}, ${batchSize} at a time`,
    "",
    grid([
      ["predicting", "pairs/s", "of fp32", "one pair p50", "p90", "p99", "memory"],
      ...precisions.map((figures) => predictionRow(figures, precisions[0]!)),
    ]),
    "",
    grid([
      ["scores", "mean change", "largest", ...(labelled ? ["Pearson"] : [])],
      ...precisions.map(({ precision, predict: { change, pearson } }) => [
        precision,
        change === null ? "" : digits(change.mean),
        change === null ? "" : digits(change.largest),
        ...(labelled ? [digits(pearson)] : []),
      ]),
    ]),
    "",
    grid([
      ["training", "pairs/s", "of fp32", "memory"],
      ...precisions.flatMap((figures) => trainingRows(figures, precisions[0]!)),
    ]),
    "",
    recommendation(result),
  ].join("\n");
}

function predictionRow({ precision, predict }: PrecisionFigures, fp32: PrecisionFigures): string[] {
  const { pairsPerSecond, latency, peakBytes } = predict;
  return [
    ...[precision, pairsPerSecond.toFixed(1), times(pairsPerSecond, fp32.predict.pairsPerSecond)],
    ...[latency.p50, latency.p90, latency.p99].map((value) => `${value.toFixed(1)} ms`),
    bytes(peakBytes),
  ];
}

function trainingRows({ precision, train }: PrecisionFigures, fp32: PrecisionFigures): string[][] {
  if (train === null) return [];
  const { pairsPerSecond, peakBytes } = train;
  const reference = fp32.train?.pairsPerSecond ?? pairsPerSecond;
  return [
    [precision, pairsPerSecond.toFixed(1), times(pairsPerSecond, reference), bytes(peakBytes)],
  ];
}

const times = (value: number, reference: number): string => `${(value / reference).toFixed(2)}x`;

function recommendation({ recommended: { predict, train, bound } }: Benchmark): string {
  const within =
    bound.on === "pearson"
      ? `Pearson falls by no more than ${bound.value}`
      : `the scores change by no more than ${100 * bound.value} % of the label range on average`;
  return (
    `recommended for predicting: ${predict}, the fastest of those in which ${within}\n` +
    `recommended for training: ${train}, the fastest; how good the trained model is, evaluate tells`
  );
}

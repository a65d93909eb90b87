import { writeFile } from "node:fs/promises";
import path from "node:path";
import { invalidArgument, StsError } from "../../foundation/errors.js";
import { loadModel } from "../../models/load-model.js";
import type { PairModel } from "../../models/pair-model.js";
import { precisions, type Precision, type PredictionPrecision } from "../../models/precision.js";
import { Trainer } from "../trainer.js";
import { quantile, type Latency, type Speed } from "./figures.js";
import type { BenchmarkPair } from "./synthetic-pairs.js";

/** One thing to measure. */
export type Measurement = {
  job: "predict" | "train";
  model: string;
  precision: PredictionPrecision;
  pairs: readonly BenchmarkPair[];
  batchSize: number;
  maxLength: number | undefined;
  device: string;
  /** Of a training, after those that are not measured. */
  steps: number;
  /** For what a training writes, empty. */
  directory: string;
};

export type MeasuredPrediction = Speed & {
  latency: Latency;
  /** Of each pair, raw. */
  scores: number[];
};

/** Steps and single pairs at the beginning, in which memory is asked for and kernels are chosen. */
const warmUp = 3;
const singles = 50;

/**
 * Predicts all pairs in batches, then some one at a time, from texts to scores.
 * @returns with `peakBytes` of the whole process
 * @throws what loading the model and predicting throw
 */
export async function measurePrediction(measurement: Measurement): Promise<MeasuredPrediction> {
  const { model: name, precision, batchSize, maxLength, device } = measurement;
  const options = { device, precision, ...(maxLength !== undefined && { maxLength }) };
  const pairs = measurement.pairs.map(
    ({ sentence1, sentence2 }) => [sentence1, sentence2] as const,
  );
  using model = await loadModel(name, options);
  await model.predict(pairs.slice(0, 2 * batchSize), { batchSize });
  const begin = performance.now();
  const scores = await model.predict(pairs, { batchSize, clamp: false });
  const pairsPerSecond = perSecond(pairs.length, begin);
  const latency = await latencyOf(model, pairs);
  return { pairsPerSecond, latency, scores, peakBytes: peakBytes() };
}

async function latencyOf(
  model: PairModel,
  pairs: readonly (readonly [string, string])[],
): Promise<Latency> {
  const times: number[] = [];
  for (let i = 0; i < warmUp + singles; i++) {
    const begin = performance.now();
    await model.predict([pairs[i % pairs.length]!]);
    times.push(performance.now() - begin);
  }
  const measured = times.slice(warmUp);
  const at = (share: number) => quantile(measured, share);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/** Whether models can be trained in a precision. */
export const isForTraining = (precision: PredictionPrecision): precision is Precision =>
  precisions.some((one) => one === precision);

/** Ends a training that has been measured, without saving it. */
class Measured extends Error {
  constructor(readonly speed: Speed) {
    super();
  }
}

/**
 * Trains for some steps, of which the first ones are not measured.
 * @returns with `peakBytes` of the whole process
 * @throws what training throws
 */
export async function measureTraining(measurement: Measurement): Promise<Speed> {
  try {
    await train(measurement);
  } catch (error) {
    if (error instanceof Measured) return error.speed;
    throw error;
  }
  throw new StsError("INTERNAL", "The training ended before it was measured.");
}

async function train(measurement: Measurement): Promise<void> {
  const { model, precision, batchSize, maxLength, device, steps, directory } = measurement;
  if (!isForTraining(precision))
    throw invalidArgument("precision", precisions.join(", "), precision);
  const data = path.join(directory, "train.jsonl");
  await writeFile(data, linesOf(measurement));
  let begin = 0;
  const onStep = ({ step }: { step: number }) => {
    if (step === warmUp) begin = performance.now();
    if (step < warmUp + steps) return;
    const pairsPerSecond = perSecond(steps * batchSize, begin);
    throw new Measured({ pairsPerSecond, peakBytes: peakBytes() });
  };
  await new Trainer(
    {
      ...{ model, precision, batchSize, device, epochs: 1, fullTrain: true },
      ...(maxLength !== undefined && { maxLength }),
      train: data,
      output: path.join(directory, "run"),
    },
    { callbacks: { onStep } },
  ).train();
}

/** As many pairs as the steps take, over and over. */
function linesOf({ pairs, batchSize, steps }: Measurement): string {
  const count = (warmUp + steps) * batchSize;
  const lines = Array.from({ length: count }, (_, i) => {
    const { sentence1, sentence2, label } = pairs[i % pairs.length]!;
    return `${JSON.stringify({ sentence1, sentence2, label })}\n`;
  });
  return lines.join("");
}

const perSecond = (count: number, begin: number): number =>
  (1000 * count) / (performance.now() - begin);

const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

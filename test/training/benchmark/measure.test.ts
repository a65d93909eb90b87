import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossEncoder } from "../../../lib/models/cross-encoder.js";
import { memory } from "../../../lib/tensor/memory.js";
import {
  measurePrediction,
  measureTraining,
  type Measurement,
} from "../../../lib/training/benchmark/measure.js";
import { syntheticPairs } from "../../../lib/training/benchmark/synthetic-pairs.js";

const directory = mkdtempSync(path.join(tmpdir(), "sts-measure-"));
afterAll(() => rmSync(directory, { recursive: true }));

const pairs = syntheticPairs(20).map((pair) => ({ ...pair, label: 2.5 }));
const measurement: Omit<Measurement, "job" | "precision"> = {
  ...{ model: "models/mini", pairs, batchSize: 8, maxLength: undefined },
  ...{ device: "cpu", steps: 2, directory },
};

it("the scores that are compared are the model's raw ones, in order", async () => {
  const measured = await measurePrediction({ ...measurement, job: "predict", precision: "fp32" });
  using model = await CrossEncoder.load("models/mini");
  const texts = pairs.map(({ sentence1, sentence2 }) => [sentence1, sentence2] as const);
  expect(measured.scores).toEqual(await model.predict(texts, { clamp: false, batchSize: 8 }));
  const { p50, p90, p99 } = measured.latency;
  expect(p50).toBeGreaterThan(0);
  expect(p90).toBeGreaterThanOrEqual(p50);
  expect(p99).toBeGreaterThanOrEqual(p90);
});

it.each(["bf16", "int8"] as const)("%s is measured in %s", async (precision) => {
  const [exact, coarse] = [
    await measurePrediction({ ...measurement, job: "predict", precision: "fp32" }),
    await measurePrediction({ ...measurement, job: "predict", precision }),
  ];
  const changes = exact.scores.map((score, i) => Math.abs(score - coarse.scores[i]!));
  expect(Math.max(...changes)).toBeGreaterThan(0);
  expect(Math.max(...changes)).toBeLessThan(0.1);
});

it("a training that is measured leaves no tensor behind", async () => {
  const before = memory().tensors;
  const speed = await measureTraining({ ...measurement, job: "train", precision: "fp32" });
  expect(speed.pairsPerSecond).toBeGreaterThan(0);
  expect(speed.peakBytes).toBeGreaterThan(1e7);
  expect(memory().tensors).toBe(before);
});

it("made-up pairs have the lengths of short texts, and are the same each time", () => {
  const many = syntheticPairs(500);
  expect(syntheticPairs(500)).toEqual(many);
  const words = many.map(({ sentence1 }) => sentence1.split(" ").length);
  expect(words.reduce((sum, count) => sum + count, 0) / words.length).toBeCloseTo(7.5, 0);
  expect(Math.max(...words)).toBeGreaterThan(15);
});

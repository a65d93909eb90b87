import path from "node:path";
import { expectMistake, lastLine, stsNative } from "./support.js";

const bench = (...args: string[]) => stsNative(["bench", "--model", "models/mini", ...args]);
const quick = ["--steps", "2", "--pairs", "12", "--batch-size", "4"];
const positive = expect.any(Number) as number;

it("measures every precision beside fp32 and ends with a recommendation", async () => {
  const outcome = await bench(...quick, "--data", "data/sample/dev.csv", "--precision", "int8");
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toMatch(/^12 pairs, 4 at a time\n\npredicting +pairs\/s +of fp32/);
  expect(outcome.stdout).toMatch(/^fp32 +[\d.]+ +1\.00x( +[\d.]+ ms){3} +[\d.]+ MB$/m);
  expect(outcome.stdout).toMatch(/^scores +mean change +largest +Pearson\n/m);
  expect(outcome.stdout).toMatch(
    /recommended for predicting: (fp32|int8), .*0\.002\nrecommended for training: fp32, /,
  );
});

it("without data it makes pairs up, and --json holds all figures", async () => {
  const outcome = await bench(...quick, "--json");
  const figures = { pairsPerSecond: positive, peakBytes: positive };
  const latency = { p50: positive, p90: positive, p99: positive };
  const predict = { ...figures, latency, pearson: null };
  expect(lastLine(outcome)).toEqual({
    ...{ pairs: 12, labelled: false, batchSize: 4 },
    precisions: [
      { precision: "fp32", predict: { ...predict, change: null }, train: figures },
      {
        precision: "bf16",
        predict: { ...predict, change: { mean: positive, largest: positive } },
        train: figures,
      },
    ],
    recommended: {
      predict: expect.stringMatching(/^(fp32|bf16)$/) as string,
      train: expect.stringMatching(/^(fp32|bf16)$/) as string,
      bound: { on: "scores", value: 0.01 },
    },
  });
});

it("one labelled pair is enough to measure with, but not for Pearson", async () => {
  const args = ["--data", "data/sample/dev.csv", "--precision", "fp32", "--json"];
  const outcome = await bench("--steps=1", "--pairs=1", ...args);
  expect(lastLine(outcome)).toMatchObject({ pairs: 1, labelled: false });
});

it("names a precision that there is not, and what a measurement's process found wrong", async () => {
  expectMistake(await bench("--precision", "fp32,int3"), /--precision: .* got "fp32,int3"/);
  const missing = path.join("models", "mini", "nothing.csv");
  expectMistake(await bench("--data", missing), /nothing\.csv/);
  expect((await bench(...quick, "--max-length", "9999")).stderr).toMatch(
    /error: maxLength: expected an integer from 1 to the model's limit of \d+, got 9999/,
  );
});

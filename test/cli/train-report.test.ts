import { TrainReport } from "../../lib/cli/train-report.js";
import type { StartEvent, StepEvent } from "../../lib/training/events.js";
import { recordedOutput } from "./support.js";

const start: StartEvent = {
  steps: 100,
  resumedFrom: 0,
  epochs: 2,
  pairs: { train: 5749, dev: 640, test: null },
  devFromTrain: true,
  truncated: 1,
  maxLength: 128,
  parameters: 68_000_000,
  frozenParameters: 0,
  frozen: [],
  warnings: [],
  initialised: ["classifier.dense.weight", "classifier.dense.bias"],
  skipped: new Map([["train.csv", [{ path: "train.csv", line: 7, reason: "sentence1 is empty" }]]]),
};

it("what is frozen is named part by part, not parameter by parameter", () => {
  const layer = (i: number) => `bert.encoder.layer.${i}.output.dense`;
  const frozen = [
    "bert.embeddings.word_embeddings.weight",
    "bert.embeddings.LayerNorm.bias",
    ...[0, 1, 2, 5].flatMap((i) => [`${layer(i)}.weight`, `${layer(i)}.bias`]),
    "classifier.bias",
  ];
  const { output, stderr } = recordedOutput();
  new TrainReport(output).onStart({ ...start, frozen, frozenParameters: 1234 });
  expect(stderr()).toContain(
    "frozen: bert.embeddings, bert.encoder.layer.0-2, 5, classifier.bias (1,234 parameters)\n",
  );
});

const stepEvent = (step: number): StepEvent => ({
  step,
  steps: 100,
  epoch: 1,
  loss: 0.12345,
  lr: 1.96e-5,
  gradNorm: 1,
  pairsPerSecond: 53.4,
  secondsLeft: 3723,
});

const metrics = { n: 640, pearson: 0.81234, spearman: 0.8, mse: 1, mae: 1, warnings: [] };

it("a run starts by saying what it works on", () => {
  const { output, stdout, stderr } = recordedOutput();
  new TrainReport(output).onStart(start);
  expect(stdout()).toBe("");
  expect(stderr().split("\n")).toEqual([
    "warning: train.csv: 1 row left out:",
    "  train.csv:7: sentence1 is empty",
    "pairs: train 5,749, dev 640 (split from train), no test",
    "maximum length: 128 tokens (1 pair cut)",
    "trainable parameters: 68,000,000",
    "initialised: classifier.dense.weight, classifier.dense.bias (not in the checkpoint)",
    "steps: 100 in 2 epochs",
    "",
  ]);
});

it("where stderr is no terminal, a line comes after 10 s and after 5 % of the steps", () => {
  let now = 0;
  const { output, stderr } = recordedOutput();
  const report = new TrainReport(output, () => now);
  report.onStart(start);
  stderr();
  const after = (seconds: number, step: number) => {
    now = seconds * 1000;
    report.onStep(stepEvent(step));
    return stderr();
  };
  expect(after(9, 50)).toBe("");
  expect(after(11, 51)).toBe(
    "step 51 of 100 | epoch 1 | loss 0.1235 | lr 2.0e-5 | 53 pairs/s | 1:02:03 left\n",
  );
  expect(after(40, 55)).toBe("");
  expect(after(41, 56)).toMatch(/^step 56 of 100/);
});

it("on a terminal of 80 columns a bar shows all, down to the time left", () => {
  const { output, stderr } = recordedOutput({ terminal: true });
  const report = new TrainReport(output);
  report.onStart(start);
  stderr();
  report.onStep(stepEvent(50));
  expect(stderr()).toContain(
    "█████░░░░░ 50% | epoch 1 | loss 0.1235 | lr 2.0e-5 | 53 pairs/s | 1:02:03 left",
  );
  output.closeBar();
});

it("an evaluation takes the bar away, writes its lines and brings the bar back", () => {
  const { output, stderr } = recordedOutput({ terminal: true });
  const report = new TrainReport(output);
  report.onStart(start);
  report.onStep(stepEvent(50));
  stderr();
  report.onEvaluation({ step: 50, epoch: 1, metrics, isBest: true });
  const written = stderr();
  const clearLine = "\x1b[2K";
  expect(written).toContain(
    `${clearLine}epoch 1, step 50: Pearson 0.8123, Spearman 0.8000  best\n`,
  );
  expect(written).toMatch(/best\n.*█████░░░░░ 50% \| epoch 1/s);
  output.closeBar();
});

it("constant scores are reported as not defined, with their warning", () => {
  const { output, stderr } = recordedOutput();
  const report = new TrainReport(output);
  const constant = { pearson: null, spearman: null, warnings: ["ConstantInput: every label is 1"] };
  report.onEvaluation({ step: 5, epoch: 1, metrics: { ...metrics, ...constant }, isBest: false });
  expect(stderr()).toBe(
    "epoch 1, step 5: Pearson not defined, Spearman not defined\n" +
      "warning: ConstantInput: every label is 1\n",
  );
});

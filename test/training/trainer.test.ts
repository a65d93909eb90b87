import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { memory } from "../../lib/tensor/memory.js";
import type { TrainOptions } from "../../lib/training/config.js";
import type { TrainerCallbacks } from "../../lib/training/events.js";
import { Trainer } from "../../lib/training/trainer.js";
import { relativeDifference } from "../support/fixtures.js";
import { writeTinyData, writeTinyModel } from "../support/tiny-model.js";

let directory: string;
let runs = 0;
const inDirectory = (name: string) => path.join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-trainer-"));
  await writeTinyModel(inDirectory("model"));
  await writeTinyModel(inDirectory("model-with-dropout"), 0.1);
  await writeTinyData(inDirectory("train.csv"), 40);
  await writeTinyData(inDirectory("dev.csv"), 25);
});
afterAll(() => rm(directory, { recursive: true }));

const options = (change: Partial<TrainOptions> = {}): TrainOptions => ({
  model: inDirectory("model"),
  train: inDirectory("train.csv"),
  dev: inDirectory("dev.csv"),
  output: inDirectory(`run-${++runs}`),
  epochs: 2,
  batchSize: 8,
  lr: 1e-3,
  ...change,
});

const train = (change?: Partial<TrainOptions>, callbacks: TrainerCallbacks = {}) =>
  new Trainer(options(change), { callbacks }).train();

async function weightsOf(run: string): Promise<number[]> {
  using model = await CrossEncoder.load(path.join(run, "last"));
  return [...model.parameters.values()].flatMap((tensor) => tensor.toNumbers());
}

it("a run leaves a configuration, metrics, a summary, models and predictions", async () => {
  const before = memory();
  const summary = await train({ test: inDirectory("dev.csv") });
  expect(memory()).toEqual(before);
  expect((await readdir(summary.output)).sort()).toEqual([
    "best",
    "config.yaml",
    expect.stringMatching(/^events\.out\.tfevents\.\d+\.sts-native$/),
    "last",
    "metrics.jsonl",
    "predictions-dev.csv",
    "predictions-test.csv",
    "resume.safetensors",
    "summary.json",
  ]);
  const read = (name: string) => readFile(path.join(summary.output, name), "utf8");
  expect(JSON.parse(await read("summary.json"))).toEqual(summary);
  expect(parse(await read("config.yaml"))).toMatchObject({ epochs: 2, batchSize: 8, seed: 42 });
  const events = (await read("metrics.jsonl")).trim().split("\n");
  const kinds = events.map((line) => (JSON.parse(line) as { event: string }).event);
  expect(kinds.filter((kind) => kind === "step")).toHaveLength(10);
  expect(kinds.filter((kind) => kind === "evaluation")).toHaveLength(2);
  expect((await read("predictions-test.csv")).split("\n")[1]).toMatch(/^row-0,\d/);
  expect(summary.test).toMatchObject({ n: 25, pearson: summary.best!.pearson });
});

it("the loss falls", async () => {
  const losses: number[] = [];
  await train({ epochs: 10 }, { onStep: ({ loss }) => void losses.push(loss) });
  const mean = (some: number[]) => some.reduce((a, b) => a + b) / some.length;
  expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)) / 2);
});

it("the best weights are those of the highest Pearson, not the last and not the worst", async () => {
  const pearsons: number[] = [];
  const summary = await train(
    { epochs: 6, lr: 5e-3 },
    { onEvaluation: ({ metrics }) => void pearsons.push(metrics.pearson!) },
  );
  const highest = Math.max(...pearsons);
  expect(summary.best!.pearson).toBe(highest);
  expect(summary.best!.epoch).toBe(pearsons.indexOf(highest) + 1);
  using best = await CrossEncoder.load(path.join(summary.output, "best"));
  expect(best.labelRange).toEqual({ min: 0, max: 5 });
});

it("the same seed gives the same weights, with dropout; another seed others", async () => {
  const model = inDirectory("model-with-dropout");
  const [a, b, c] = [
    await train({ model }),
    await train({ model }),
    await train({ model, seed: 1 }),
  ];
  const weights = await weightsOf(a.output);
  expect(await weightsOf(b.output)).toEqual(weights);
  expect(await weightsOf(c.output)).not.toEqual(weights);
});

it.each([
  [12, 4, 3],
  [16, 8, 2],
  [15, 5, 3],
])(
  "a batch of %i against batches of %i × %i: accumulation is exact, to 1e-6",
  async (large, small, count) => {
    const curve = async (batchSize: number, accumulation: number) => {
      const events: number[] = [];
      // Of 40 pairs the last step has fewer: 4, 8 and 10.
      await train(
        { batchSize, accumulation, epochs: 1, lr: 1e-4 },
        { onStep: ({ loss, gradNorm }) => void events.push(loss, gradNorm!) },
      );
      return events;
    };
    const [whole, parts] = [await curve(large, 1), await curve(small, count)];
    expect(relativeDifference(parts, whole)).toBeLessThan(1e-6);
  },
);

it("without a dev file a part of train is held out", async () => {
  const { train: file, model, output, epochs } = options();
  const events: object[] = [];
  await new Trainer(
    { train: file, model, output, epochs: epochs!, validationRatio: 0.25 },
    { callbacks: { onStart: (event) => void events.push(event) } },
  ).train();
  expect(events).toEqual([
    expect.objectContaining({ pairs: { train: 30, dev: 10, test: null }, devFromTrain: true }),
  ]);
});

it("evaluations every N steps, and a stop after some that are no better", async () => {
  const steps: number[] = [];
  const summary = await train(
    { evalSteps: 2, patience: 2, epochs: 40, lr: 1e-9 },
    { onEvaluation: ({ step }) => void steps.push(step) },
  );
  expect(steps.slice(0, 3)).toEqual([2, 4, 6]);
  expect(summary.steps).toBeLessThan(200);
});

it("a signal finishes the step, saves the weights and says where they are", async () => {
  const abort = new AbortController();
  const before = memory();
  const settings = options({ epochs: 50 });
  const training = new Trainer(settings, {
    signal: abort.signal,
    callbacks: {
      onStep: ({ step }) => {
        if (step === 3) abort.abort();
      },
    },
  }).train();
  await expect(training).rejects.toMatchObject({
    code: "ABORTED",
    message: expect.stringMatching(/after step 3.*last/) as string,
  });
  expect(memory()).toEqual(before);
  expect(await weightsOf(settings.output)).not.toEqual([]);
});

it("a signal during an evaluation stops it and saves the weights", async () => {
  const abort = new AbortController();
  const settings = options({ epochs: 50 });
  const training = new Trainer(settings, {
    signal: abort.signal,
    // The last step before the first evaluation.
    callbacks: { onStep: ({ step }) => (step === 5 ? abort.abort() : undefined) },
  }).train();
  await expect(training).rejects.toThrow(/after step 5/);
  expect(await readdir(settings.output)).not.toContain("best");
  expect(await weightsOf(settings.output)).not.toEqual([]);
});

it("a mistake that is found before the training leaves nothing in the way", async () => {
  const settings = options({ maxLength: 2 });
  await expect(new Trainer(settings).train()).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await new Trainer({ ...settings, maxLength: 16, epochs: 1 }).train();
});

it("the label range of the starting model is kept unless another is given", async () => {
  const model = inDirectory("ranged");
  using source = await CrossEncoder.load(inDirectory("model"), { labelRange: { min: -2, max: 9 } });
  await source.save(model);
  const kept = await train({ model, epochs: 1 });
  const given = await train({ model, epochs: 1, labelRange: { min: 0, max: 6 } });
  using a = await CrossEncoder.load(path.join(kept.output, "best"));
  using b = await CrossEncoder.load(path.join(given.output, "best"));
  expect([a.labelRange, b.labelRange]).toEqual([
    { min: -2, max: 9 },
    { min: 0, max: 6 },
  ]);
});

it("a directory that holds something is not overwritten", async () => {
  await expect(train({ output: inDirectory("model") })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining("is not empty") as string,
  });
});

it("a loss that is not finite stops the run and says what to do", async () => {
  await expect(train({ lr: 1e30, maxGradNorm: 1e30, epochs: 20 })).rejects.toMatchObject({
    code: "NOT_FINITE",
    message: expect.stringContaining("learning rate") as string,
  });
});

it("a test file without labels is predicted and has no metrics", async () => {
  const file = inDirectory("unlabelled.csv");
  const text = await readFile(inDirectory("dev.csv"), "utf8");
  await writeFile(file, text.replace(/,[^,]*$/gm, ""));
  const summary = await train({ test: file, epochs: 1 });
  expect(summary.test).toBeNull();
  const written = await readFile(path.join(summary.output, "predictions-test.csv"), "utf8");
  expect(written.trim().split("\n")).toHaveLength(26);
});

it.each([
  [{ epoch: 3 }, /no setting "epoch".*Did you mean "epochs"/],
  [{ batchSize: 0 }, /batchSize/],
  [{ batchSize: "16" }, /batchSize.*"16"/],
  [{ loss: "l3" }, /loss/],
  [{ columns: { sentence: "a" } }, /columns\.sentence/],
  [{ labelRange: { min: 5, max: 0 } }, /labelRange/],
  [{ model: undefined }, /model is required/],
])("the configuration %j is refused by the name of what is wrong", (change, message) => {
  expect(() => new Trainer({ ...options(), ...change } as TrainOptions)).toThrow(message);
});

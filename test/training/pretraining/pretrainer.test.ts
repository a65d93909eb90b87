import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossEncoder } from "../../../lib/models/cross-encoder.js";
import { MaskedLanguageModel } from "../../../lib/models/masked-language-model.js";
import { SentenceEncoder } from "../../../lib/models/sentence-encoder.js";
import { memory } from "../../../lib/tensor/memory.js";
import type { PretrainOptions } from "../../../lib/training/pretraining/config.js";
import {
  Pretrainer,
  type PretrainCallbacks,
} from "../../../lib/training/pretraining/pretrainer.js";
import { curveOf, eventFileOf, readEvents } from "../../support/event-file.js";
import { relativeDifference } from "../../support/fixtures.js";
import { tinyPairs, writeTinyModel } from "../../support/tiny-model.js";

let directory: string;
let runs = 0;
const inDirectory = (name: string) => path.join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-pretrainer-"));
  await writeTinyModel(inDirectory("model"), 0.1);
  const lines = tinyPairs(120).map(({ pair }) => pair.join(" "));
  await writeFile(inDirectory("text.txt"), [...lines, "", "☃☃☃", ""].join("\n"));
});
afterAll(() => rm(directory, { recursive: true }));

const options = (change: Partial<PretrainOptions> = {}): PretrainOptions => ({
  model: inDirectory("model"),
  text: inDirectory("text.txt"),
  output: inDirectory(`run-${++runs}`),
  maxLength: 16,
  batchSize: 16,
  epochs: 2,
  lr: 1e-3,
  ...change,
});

const pretrain = (change?: Partial<PretrainOptions>, callbacks: PretrainCallbacks = {}) =>
  new Pretrainer(options(change), { callbacks }).train();

const weightsOf = async (model: string): Promise<number[]> => {
  using loaded = await MaskedLanguageModel.load(model);
  return [...loaded.parameters.values()].flatMap((tensor) => tensor.toNumbers());
};

it("an encoder gets better at the text, and every other model starts from it", async () => {
  const before = memory();
  const losses: number[] = [];
  const { best, output } = await pretrain(
    { epochs: 30, lr: 3e-3, weights: "random" },
    { onEvaluation: ({ metrics }) => void losses.push(metrics.loss) },
  );
  expect(memory()).toEqual(before);
  expect(losses).toHaveLength(30);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.2);
  expect(best.perplexity).toBeCloseTo(Math.exp(best.loss), 6);
  expect(best.accuracy).toBeGreaterThan(0);

  using crossEncoder = await CrossEncoder.load(path.join(output, "best"));
  expect(crossEncoder.initialised).toEqual(expect.arrayContaining(["classifier.weight"]));
  using sentenceEncoder = await SentenceEncoder.load(path.join(output, "best"));
  expect(await sentenceEncoder.encode(["가 나"])).toHaveLength(1);
});

it("TensorBoard is told of the loss, the perplexity and the accuracy on the held-out lines", async () => {
  const metrics = ["loss", "perplexity", "accuracy"] as const;
  const told: Record<string, [number, number][]> = { loss: [], perplexity: [], accuracy: [] };
  const { output } = await pretrain(
    { evalSteps: 3 },
    {
      onEvaluation: (event) => {
        for (const name of metrics)
          told[name]!.push([event.step, Math.fround(event.metrics[name])]);
      },
    },
  );
  const events = readEvents(eventFileOf(output));
  for (const name of metrics) {
    const curve = curveOf(events, `dev/${name}`).map(([step, { scalar }]) => [step, scalar]);
    expect(curve).toEqual(told[name]);
  }
  expect(curveOf(events, "weights/layer_02")).toHaveLength(told.loss!.length);
});

it("a run that was stopped anywhere ends as one that was not, to the bit", async () => {
  const whole = await pretrain({ evalSteps: 3 });
  const settings = options({ evalSteps: 3 });
  for (const stop of [2, 6, 7, 13]) {
    const abort = new AbortController();
    const callbacks: PretrainCallbacks = {
      onStep: ({ step }) => (step === stop ? abort.abort() : undefined),
    };
    const run = { callbacks, signal: abort.signal };
    const pretrainer =
      stop === 2 ? new Pretrainer(settings, run) : await Pretrainer.resume(settings.output, run);
    await expect(pretrainer.train()).rejects.toMatchObject({ code: "ABORTED" });
  }
  const resumed = await (await Pretrainer.resume(settings.output)).train();
  expect({ ...resumed, linesPerSecond: 0, output: "" }).toEqual({
    ...whole,
    linesPerSecond: 0,
    output: "",
  });
  for (const name of ["best", "last"]) {
    expect(await weightsOf(path.join(resumed.output, name))).toEqual(
      await weightsOf(path.join(whole.output, name)),
    );
  }
  const again = await (await Pretrainer.resume(settings.output)).train();
  expect(again).toEqual(resumed);
});

it("accumulation weighs batches by their predictions: as one large batch, to 1e-5", async () => {
  const curve = async (batchSize: number, accumulation: number) => {
    const losses: number[] = [];
    await pretrain(
      { model: inDirectory("no-dropout"), batchSize, accumulation, epochs: 1, lr: 1e-4 },
      { onStep: ({ loss }) => void losses.push(loss) },
    );
    return losses;
  };
  await writeTinyModel(inDirectory("no-dropout"));
  expect(relativeDifference(await curve(8, 5), await curve(40, 1))).toBeLessThan(1e-5);
});

it("evaluations hide the same words each time, so that they can be compared", async () => {
  const losses: number[] = [];
  await pretrain(
    { lr: 1e-12, evalSteps: 2 },
    { onEvaluation: ({ metrics }) => void losses.push(metrics.loss) },
  );
  expect(Math.max(...losses) - Math.min(...losses)).toBeLessThan(1e-5);
});

it("lines without a known word are left out, and a tenth is held out at most", async () => {
  const events: object[] = [];
  await pretrain({}, { onStart: (event) => void events.push(event) });
  expect(events).toEqual([expect.objectContaining({ lines: { train: 108, heldOut: 12 } })]);
});

it("another text than the run began with is noticed", async () => {
  const text = inDirectory("changing.txt");
  const lines = tinyPairs(40).map(({ pair }) => pair.join(" "));
  await writeFile(text, lines.join("\n"));
  const abort = new AbortController();
  const settings = options({ text, epochs: 50 });
  const stopped = new Pretrainer(settings, {
    signal: abort.signal,
    callbacks: { onStep: ({ step }) => (step === 2 ? abort.abort() : undefined) },
  }).train();
  await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
  await writeFile(text, lines.slice(1).join("\n"));
  const pretrainer = await Pretrainer.resume(settings.output);
  await expect(pretrainer.train()).rejects.toMatchObject({ code: "INVALID_DATA" });
});

it.each([
  [{ mask: 3 }, /there is no setting "mask"/],
  [{ maskProbability: 0.9 }, /maskProbability/],
  [{ weights: "none" }, /weights/],
  [{ text: undefined }, /text is required/],
])("the configuration %j is refused by the name of what is wrong", (change, message) => {
  expect(() => new Pretrainer({ ...options(), ...change } as PretrainOptions)).toThrow(message);
});

it("a text of fewer than two lines is refused", async () => {
  const text = inDirectory("short.txt");
  await writeFile(text, "가 나\n");
  await expect(pretrain({ text })).rejects.toMatchObject({
    code: "INVALID_DATA",
    message: expect.stringContaining("at least 2 lines") as string,
  });
  expect(await readFile(text, "utf8")).toBe("가 나\n");
});

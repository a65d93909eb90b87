import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Random } from "../../lib/data/random.js";
import { compileLoss } from "../../lib/losses/compile.js";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { call } from "../../lib/tensor/call.js";
import { noGrad } from "../../lib/tensor/context.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";
import { headOf } from "../../lib/training/check-config.js";
import type { TrainOptions } from "../../lib/training/config.js";
import { parseTrainConfig } from "../../lib/training/parse-config.js";
import { Trainer } from "../../lib/training/trainer.js";
import { fixture, readJson } from "../support/fixtures.js";

type Case = { settings: Partial<TrainOptions>; losses: number[] };
type Curves = {
  common: Partial<TrainOptions> & { weightBound: number };
  cases: Record<string, Case>;
};

const { common, cases } = readJson<Curves>(fixture("curves/curves.json"));
const { weightBound, ...commonSettings } = common;
const { bf16, ...inFloat32 } = cases;

let directory: string;
const inDirectory = (...names: string[]) => path.join(directory, ...names);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-curves-"));
  await copyWithoutDropout("models/mini", inDirectory("mini"));
});
afterAll(() => rm(directory, { recursive: true }));
afterEach(async () => {
  for (const name of ["start", "run"])
    await rm(inDirectory(name), { recursive: true, force: true });
});

async function copyWithoutDropout(source: string, target: string): Promise<void> {
  await mkdir(target);
  for (const name of await readdir(source)) {
    await copyFile(path.join(source, name), path.join(target, name));
  }
  const config = {
    ...readJson<object>(path.join(source, "config.json")),
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
    classifier_dropout: 0,
  };
  await writeFile(path.join(target, "config.json"), JSON.stringify(config));
}

/** The losses of a training as a user would start it: by settings alone. */
async function curve(settings: Partial<TrainOptions>): Promise<number[]> {
  const options: TrainOptions = {
    ...commonSettings,
    ...settings,
    model: inDirectory("mini"),
    train: "data/sample/train.csv",
    output: inDirectory("run"),
    // Nothing but the steps.
    fullTrain: true,
    saveSteps: 1000,
  };
  if (options.architecture === undefined) {
    await writeStart(options);
    options.model = inDirectory("start");
  }
  const losses: number[] = [];
  const onStep = ({ loss }: { loss: number }) => void losses.push(loss);
  await new Trainer(options, { callbacks: { onStep } }).train();
  return losses;
}

/** Saves a model whose new layers have the weights that the script draws too. */
async function writeStart(options: TrainOptions): Promise<void> {
  const head = headOf(parseTrainConfig(options, "test"));
  const { output } = compileLoss(options.loss!);
  const { model, maxLength } = options;
  using start = await CrossEncoder.load(model!, {
    output,
    maxLength: maxLength!,
    ...(head && { head }),
  });
  start.initialised
    .filter((name) => name.endsWith(".weight"))
    .forEach((name, i) => setDrawn(start.parameters.get(name)!, i + 1));
  await start.save(inDirectory("start"));
}

function setDrawn(weight: Tensor, seed: number): void {
  const random = new Random(seed);
  const size = weight.shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, () => weightBound * (2 * random.next() - 1));
  scope(() => noGrad(() => void call("aten::copy_", weight, Tensor.from(values, weight.shape))));
}

/**
 * The first steps, at most 5, where the two are further apart than 1e-3 of Python's loss, or of where
 * it started, or of 1: a loss that falls to 1e-3 would otherwise agree with anything.
 */
function differences(actual: readonly number[], expected: readonly number[]): string[] {
  expect(actual).toHaveLength(expected.length);
  const floor = Math.min(1, expected[0]!);
  const steps = expected.flatMap((theirs, i) =>
    Math.abs(actual[i]! - theirs) <= 1e-3 * Math.max(floor, theirs)
      ? []
      : [`step ${i + 1}: ${actual[i]!.toPrecision(7)} here, ${theirs} in Python`],
  );
  return steps.slice(0, 5);
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

it.each(Object.entries(inFloat32))(
  "%s: every step has Python's loss, to 1e-3",
  async (_, { settings, losses }) => {
    expect(differences(await curve(settings), losses)).toEqual([]);
  },
);

// With 8 bits no two implementations round alike. In Python the last mean varies by 0.2 % between
// weights at the start that differ by 1e-6.
it("bf16: the means of the first 50 and of the last 50 losses are Python's, to 1 %", async () => {
  const { settings, losses } = bf16!;
  const actual = await curve(settings);
  for (const start of [0, -50]) {
    const [ours, theirs] = [actual, losses].map((all) => mean(all.slice(start).slice(0, 50)));
    expect(Math.abs(ours! / theirs! - 1)).toBeLessThan(0.01);
  }
  // The first step shows that it was not computed in float32.
  expect(actual[0]).not.toBeCloseTo(cases["loss mse"]!.losses[0]!, 5);
});

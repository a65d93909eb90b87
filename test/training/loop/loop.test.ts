import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { loadModel } from "../../../lib/models/load-model.js";
import { memory } from "../../../lib/tensor/memory.js";
import type { TrainOptions } from "../../../lib/training/config.js";
import type { SaveEvent, StartEvent } from "../../../lib/training/events.js";
import { Trainer } from "../../../lib/training/trainer.js";
import { tinyPairs } from "../../support/tiny-model.js";
import { linesOf, weightsIn, Workspace } from "../support.js";

const space = new Workspace();

/** The steps after which a run of 10 evaluates and saves. */
async function stepsOf(change: Partial<TrainOptions>) {
  const steps = { evaluated: [] as number[], saved: [] as number[] };
  await space.train(change, {
    onEvaluation: ({ step }) => void steps.evaluated.push(step),
    onSave: ({ step }) => void steps.saved.push(step),
  });
  return steps;
}

it.each<[Partial<TrainOptions>, number[], number[]]>([
  [{}, [5, 10], [5, 10]],
  [{ evalSteps: 4 }, [4, 8, 10], [4, 8, 10]],
  [{ evalSteps: 4, saveSteps: 3 }, [4, 8, 10], [3, 6, 9, 10]],
  // An epoch has 5 steps.
  [{ evalEpochs: 0.5 }, [3, 5, 8, 10], [3, 5, 8, 10]],
  [{ evalEpochs: 1 / 3, saveEpochs: 2 }, [2, 4, 5, 7, 9, 10], [10]],
  [{ evalEpochs: 0.01, saveSteps: 100 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10]],
  [{ saveEpochs: 0.4 }, [5, 10], [2, 4, 6, 8, 10]],
])(
  "with %j a run of 10 steps evaluates after %j and saves after %j",
  async (change, evaluated, saved) => {
    expect(await stepsOf(change)).toEqual({ evaluated, saved });
  },
);

it.each([1, 2, 9])(
  "saveLimit: %i keeps the models of the latest saves, each to be loaded",
  async (saveLimit) => {
    const told: SaveEvent[] = [];
    const { output } = await space.train(
      { saveSteps: 3, saveLimit },
      { onSave: (event) => void told.push(event) },
    );
    const kept = ["step-10", "step-3", "step-6", "step-9"].filter(
      (name) => Number(name.slice(5)) >= [3, 6, 9, 10].slice(-saveLimit)[0]!,
    );
    const checkpoints = path.join(output, "checkpoints");
    expect((await readdir(checkpoints)).sort()).toEqual(kept);
    for (const name of kept) {
      using model = await loadModel(path.join(checkpoints, name));
      expect(await model.predict([["가", "나"]])).toHaveLength(1);
    }
    expect(await weightsIn(path.join(checkpoints, "step-10"))).toEqual(
      await weightsIn(path.join(output, "last")),
    );
    const last = { epoch: 2, model: path.join(output, "last"), step: 10 };
    expect(told.map(({ step }) => step)).toEqual([3, 6, 9, 10]);
    expect(told.at(-1)).toEqual(last);
  },
);

it("without saveLimit there are no checkpoints beside last and best", async () => {
  const { output } = await space.train({ saveSteps: 2 });
  expect(existsSync(path.join(output, "checkpoints"))).toBe(false);
});

describe("a full training", () => {
  it("trains on train and dev, is not validated, and the last weights count", async () => {
    const before = memory();
    const starts: StartEvent[] = [];
    const steps = { evaluated: 0, taken: 0 };
    const summary = await space.train(
      { fullTrain: true, test: space.file("dev.csv"), batchSize: 13 },
      {
        onStart: (event) => void starts.push(event),
        onStep: () => {
          steps.taken++;
        },
        onEvaluation: () => {
          steps.evaluated++;
        },
      },
    );
    expect(memory()).toEqual(before);
    expect(starts[0]).toMatchObject({
      pairs: { train: 65, dev: null, test: 25 },
      devFromTrain: false,
    });
    expect(steps).toEqual({ evaluated: 0, taken: 10 });
    expect(summary).toMatchObject({ best: null, steps: 10, test: { n: 25 } });
    expect((await readdir(summary.output)).sort()).toEqual([
      "config.yaml",
      expect.stringContaining("tfevents"),
      ...["last", "metrics.jsonl", "predictions-test.csv"],
      ...["resume.safetensors", "summary.json"],
    ]);
    expect(linesOf(summary.output).every(({ event }) => event === "step")).toBe(true);
    using last = await loadModel(path.join(summary.output, "last"));
    const scores = await last.predict(tinyPairs(25).map(({ pair }) => pair));
    const written = readFileSync(path.join(summary.output, "predictions-test.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => Number(line.split(",")[1]));
    expect(Math.max(...scores.map((score, i) => Math.abs(score - written[i]!)))).toBeLessThan(1e-5);
  });

  it("without dev holds nothing out of train", async () => {
    const options = space.options({ fullTrain: true, epochs: 1 });
    delete options.dev;
    const pairs: StartEvent["pairs"][] = [];
    const onStart = (event: StartEvent) => void pairs.push(event.pairs);
    await new Trainer(options, { callbacks: { onStart } }).train();
    expect(pairs).toEqual([{ train: 40, dev: null, test: null }]);
  });
});

it("events tell of a run in order, and the loop waits for what a callback returns", async () => {
  const told: string[] = [];
  const slow = async (what: string) => {
    told.push(`${what} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    told.push(`${what} ends`);
  };
  await space.train(
    { epochs: 1, batchSize: 20 },
    {
      onStart: ({ steps, resumedFrom }) => slow(`start ${steps} ${resumedFrom}`),
      onStep: ({ step, steps, epoch }) => slow(`step ${step}/${steps} of epoch ${epoch}`),
      onEvaluation: ({ step, isBest }) => slow(`evaluation ${step} ${isBest}`),
      onSave: ({ step }) => slow(`save ${step}`),
    },
  );
  const expected = [
    "start 2 0",
    "step 1/2 of epoch 1",
    "step 2/2 of epoch 1",
    "evaluation 2 true",
    "save 2",
  ];
  expect(told).toEqual(expected.flatMap((what) => [`${what} begins`, `${what} ends`]));
});

it("accumulation over uneven batches, of sentence vectors too, is one large batch, to 1e-6", async () => {
  const change = { architecture: "sentence-encoder", epochs: 1, lr: 1e-4 } as const;
  const whole = await space.losses({ ...change, batchSize: 15 });
  const parts = await space.losses({ ...change, batchSize: 4, accumulation: 4 });
  const uneven = await space.losses({ ...change, batchSize: 5, accumulation: 3 });
  expect(parts[0]).not.toBe(whole[0]);
  uneven.forEach((loss, i) => expect(Math.abs(loss - whole[i]!)).toBeLessThan(1e-6 * whole[0]!));
});

it.each(["fp32", "bf16", "fp16"] as const)(
  "layers computed again in the backward change nothing but the memory: %s losses stay to the bit",
  async (precision) => {
    const change = { model: space.file("dropout"), precision, loss: "mse + r-drop", epochs: 1 };
    const plain = await space.losses(change);
    expect(await space.losses({ ...change, gradientCheckpointing: true })).toEqual(plain);
    expect(await space.losses({ ...change, seed: 1 })).not.toEqual(plain);
  },
);

it.each(["bf16", "fp16"] as const)(
  "the loss falls in %s nearly as in float32, and the saved weights are float32",
  async (precision) => {
    const warnings: (readonly string[])[] = [];
    const losses: number[] = [];
    const { output } = await space.train(
      { precision, epochs: 8 },
      {
        onStart: (event) => void warnings.push(event.warnings),
        onStep: ({ loss }) => void losses.push(loss),
      },
    );
    const exact = await space.losses({ epochs: 8 });
    const end = (some: number[]) => some.slice(-5).reduce((a, b) => a + b) / 5;
    expect(losses).not.toEqual(exact);
    expect(end(losses)).toBeLessThan(losses[0]! / 3);
    expect(Math.abs(end(losses) - end(exact))).toBeLessThan(0.15 * end(exact));
    const header = readFileSync(path.join(output, "last", "model.safetensors"), "latin1");
    expect(new Set(header.match(/"dtype":"\w+"/g))).toEqual(new Set(['"dtype":"F32"']));
    expect(warnings[0]).toEqual(
      precision === "fp16" ? [expect.stringMatching(/fp16 is the slow type on a CPU/)] : [],
    );
    const steps = linesOf(output).filter(({ event }) => event === "step");
    expect(steps.every((line) => "lossScale" in line === (precision === "fp16"))).toBe(true);
  },
);

it("what averages is evaluated, saved and predicted with, and training goes on from the weights", async () => {
  const plain = await space.losses({ epochs: 3, seed: 3 });
  const losses: number[] = [];
  const { output } = await space.train(
    { average: "ema", emaDecay: 0.9, epochs: 3, seed: 3, evalSteps: 2 },
    { onStep: ({ loss }) => void losses.push(loss) },
  );
  expect(losses).toEqual(plain);
  const swa = await space.train({ average: "swa", swaStart: 0.5, epochs: 3, seed: 3 });
  const none = await space.train({ epochs: 3, seed: 3 });
  const weights = await Promise.all(
    [output, swa.output, none.output].map(async (run) =>
      String([...(await weightsIn(path.join(run, "last"))).values()].flat()),
    ),
  );
  expect(new Set(weights).size).toBe(3);
  // Before swa begins, in the middle of the run, there is nothing to average.
  const [first, ...later] = [swa, none].map(({ output }) =>
    linesOf(output).filter(({ event }) => event === "evaluation"),
  );
  expect(first![0]).toEqual(later[0]![0]);
  expect(first![2]).not.toEqual(later[0]![2]);
});

it("a loss that compares the examples of a batch warns that accumulation does not enlarge it", async () => {
  const warnings: string[] = [];
  await space.train(
    { loss: "pearson", accumulation: 2, epochs: 1 },
    { onStart: (event) => void warnings.push(...event.warnings) },
  );
  expect(warnings).toEqual([expect.stringMatching(/pearson compares the examples of a batch/)]);
});

it("two trainings and a prediction at the same time do not change each other", async () => {
  const settings = [
    { model: space.file("dropout"), precision: "bf16" },
    { model: space.file("dropout"), average: "ema", emaDecay: 0.9, evalSteps: 2 },
  ] as const;
  const pairs = tinyPairs(25).map(({ pair }) => pair);
  const alone = [await space.losses(settings[0]), await space.losses(settings[1])];
  using model = await loadModel(space.file("dropout"));
  const scores = await model.predict(pairs);
  const [first, second, ...predicted] = await Promise.all([
    space.losses(settings[0]),
    space.losses(settings[1]),
    model.predict(pairs),
    model.predict(pairs, { batchSize: 25 }),
  ]);
  expect([first, second]).toEqual(alone);
  expect(predicted[0]).toEqual(scores);
});

it("a training in fp16 whose weights are lost ends and says what to do", async () => {
  const skipped: (number | undefined)[] = [];
  const training = space.train(
    // The first evaluation would say so too.
    { precision: "fp16", lr: 1e30, maxGradNorm: 1e30, epochs: 20, evalEpochs: 20 },
    {
      onStep: ({ gradNorm, skippedSteps }) => {
        if (gradNorm === null) skipped.push(skippedSteps);
      },
    },
  );
  await expect(training).rejects.toMatchObject({
    code: "NOT_FINITE",
    message: expect.stringMatching(/17 steps in a row.*--precision bf16 or fp32/s) as string,
  });
  expect(skipped.length).toBeGreaterThanOrEqual(16);
  expect(skipped).toEqual(skipped.map((_, i) => i + 1));
});

it("a signal before the training begins leaves nothing in the way", async () => {
  const options = space.options();
  const signal = AbortSignal.abort();
  const error = { code: "ABORTED" };
  await expect(new Trainer(options, { signal }).train()).rejects.toMatchObject(error);
  expect(existsSync(options.output)).toBe(false);
});

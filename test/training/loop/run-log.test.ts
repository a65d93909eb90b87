import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { loadModel } from "../../../lib/models/load-model.js";
import { histogramOf } from "../../../lib/tracking/histogram.js";
import type { TrainOptions } from "../../../lib/training/config.js";
import { Trainer } from "../../../lib/training/trainer.js";
import { curveOf, eventFileOf, readEvents, type ReadValue } from "../../support/event-file.js";
import { tinyPairs } from "../../support/tiny-model.js";
import { linesOf, Workspace, type Line } from "../support.js";

const space = new Workspace();

/** What TensorBoard calls the fields of `metrics.jsonl`. */
const tags: Record<string, Record<string, string>> = {
  step: {
    ...{ loss: "train/loss", lr: "train/lr", gradNorm: "train/grad_norm" },
    ...{ lossScale: "train/loss_scale", skippedSteps: "train/skipped_steps" },
  },
  evaluation: {
    ...{ pearson: "dev/pearson", spearman: "dev/spearman", mse: "dev/mse", mae: "dev/mae" },
  },
};

/** Every curve as `metrics.jsonl` has it, in float32. */
function curvesIn(lines: readonly Line[]): Record<string, [number, number][]> {
  const curves: Record<string, [number, number][]> = {};
  for (const line of lines) {
    for (const [field, tag] of Object.entries(tags[line.event]!)) {
      const value = line[field];
      if (typeof value === "number") (curves[tag] ??= []).push([line.step, Math.fround(value)]);
    }
  }
  return curves;
}

/** The same as TensorBoard is told. */
function curvesTold(run: string): Record<string, [number, number][]> {
  const curves: Record<string, [number, number][]> = {};
  for (const { step, values } of readEvents(eventFileOf(run))) {
    for (const { tag, scalar } of values) {
      if (scalar === undefined || tag === "train/pairs_per_second") continue;
      (curves[tag] ??= []).push([step, scalar]);
    }
  }
  return curves;
}

const train = async (change: Partial<TrainOptions>) => {
  const summary = await space.train(change);
  return { summary, events: readEvents(eventFileOf(summary.output)) };
};

it.each<[string, Partial<TrainOptions>]>([
  ["float32", { evalSteps: 3 }],
  ["fp16, with its loss scale and its skipped steps", { precision: "fp16", epochs: 1 }],
])("every number of metrics.jsonl of a run in %s is shown, at its step", async (_, change) => {
  const { summary } = await train(change);
  expect(curvesTold(summary.output)).toEqual(curvesIn(linesOf(summary.output)));
});

it("the configuration is shown as it stands, with the speed of every step", async () => {
  const { summary, events } = await train({ epochs: 1 });
  const config = readFileSync(path.join(summary.output, "config.yaml"), "utf8");
  const [[step, value]] = curveOf(events, "config") as [[number, ReadValue]];
  expect(step).toBe(0);
  expect(value.text!.split("\n").every((line) => /^ {4}/.test(line))).toBe(true);
  expect(parse(value.text!.replace(/^ {4}/gm, ""))).toEqual(parse(config));
  const speeds = curveOf(events, "train/pairs_per_second");
  expect(speeds.map(([at]) => at)).toEqual([1, 2, 3, 4, 5]);
  expect(speeds.every(([, { scalar }]) => scalar! > 0)).toBe(true);
});

it("predictions on dev and labels are shown at each evaluation, and what test came to", async () => {
  const { summary, events } = await train({ evalSteps: 4, test: space.file("dev.csv") });
  const steps = [4, 8, 10];
  const predictions = new Map(curveOf(events, "dev/predictions"));
  const labels = curveOf(events, "dev/labels");
  expect([...predictions.keys()]).toEqual(steps);
  expect(labels.map(([step]) => step)).toEqual(steps);
  using best = await loadModel(path.join(summary.output, "best"));
  const pairs = tinyPairs(25);
  const scores = await best.predict(
    pairs.map(({ pair }) => pair),
    { clamp: false },
  );
  const expected = histogramOf(scores)!;
  const shown = predictions.get(summary.best!.step)!.histogram!;
  expect(shown.counts).toEqual([0, ...expected.counts]);
  expect(shown.edges).toEqual(expected.edges);
  const ofLabels = histogramOf(pairs.map(({ label }) => label))!;
  for (const [, { histogram }] of labels) {
    expect(histogram!.counts).toEqual([0, ...ofLabels.counts]);
  }
  const test = curvesTold(summary.output);
  for (const metric of ["pearson", "spearman", "mse", "mae"] as const) {
    expect(test[`test/${metric}`]).toEqual([
      [summary.best!.step, Math.fround(summary.test![metric]!)],
    ]);
  }
});

it("a full training shows no evaluation", async () => {
  const { summary } = await train({ fullTrain: true, epochs: 1 });
  expect(Object.keys(curvesTold(summary.output))).toEqual([
    ...["train/loss", "train/lr", "train/grad_norm"],
  ]);
});

it("a run whose event file was removed goes on with a new one", async () => {
  const options = space.options({ saveSteps: 2 });
  const callbacks = {
    onStep: ({ step }: { step: number }) => {
      if (step === 5) throw new Error("killed");
    },
  };
  await expect(new Trainer(options, { callbacks }).train()).rejects.toThrow("killed");
  rmSync(eventFileOf(options.output));
  await (await Trainer.resume(options.output)).train();
  expect(curvesTold(options.output)["train/loss"]!.map(([step]) => step)).toEqual([
    5, 6, 7, 8, 9, 10,
  ]);
});

it("an event file that cannot be written ends the training with what is wrong", async () => {
  const options = space.options();
  const callbacks = {
    onStep: ({ step }: { step: number }) => {
      if (step !== 1) return;
      const file = eventFileOf(options.output);
      rmSync(file);
      mkdirSync(file);
    },
  };
  const file = expect.stringContaining("tfevents") as string;
  await expect(new Trainer(options, { callbacks }).train()).rejects.toMatchObject({
    code: "IO_FAILED",
    message: file,
  });
});

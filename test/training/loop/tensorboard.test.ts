import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { CrossValidation } from "../../../lib/training/cross-validation/cross-validation.js";
import { Trainer } from "../../../lib/training/trainer.js";
import { curveOf, eventFileOf, readEvents } from "../../support/event-file.js";
import { linesOf, Workspace } from "../support.js";

const space = new Workspace();
const python = process.env.STS_PEERS_PYTHON;
if (!python) console.warn("STS_PEERS_PYTHON is not set: no check that TensorBoard shows a run.");

type Points<Value> = Record<string, [step: number, value: Value][]>;
type Row = [left: number, right: number, count: number];

/** What TensorBoard shows of a run. */
type Shown = {
  scalars: Points<number>;
  histograms: Points<Row[]>;
  text: Points<string>;
  hyperparameters: Record<string, unknown>;
  accumulated: {
    scalars: Points<number>;
    histograms: Points<{ min: number; max: number; num: number; bucket: number[] }>;
  };
  weights: Record<string, { counts: number[]; edges: number[] }>;
};

function shownOf(directory: string): Record<string, Shown> {
  const script = "scripts/fixtures/check_events.py";
  const output = execFileSync(python!, [script, directory], { encoding: "utf8" });
  return JSON.parse(output.trim().split("\n").at(-1)!) as Record<string, Shown>;
}

/** A curve of `metrics.jsonl`, in float32. */
const logged = (run: string, event: string, name: string): [number, number][] =>
  linesOf(run)
    .filter((line) => line.event === event)
    .map((line) => [line.step, Math.fround(line[name] as number)]);

(python ? describe : describe.skip)("TensorBoard shows", () => {
  it("the numbers, the histograms, the configuration of a run, and the table to compare runs by", async () => {
    const { output } = await space.train({ evalSteps: 4, test: space.file("dev.csv") });
    const { scalars, histograms, text, hyperparameters, accumulated } = shownOf(output)["."]!;
    expect(Object.keys(scalars).sort()).toEqual([
      ...["dev/mae", "dev/mse", "dev/pearson", "dev/spearman"],
      ...["test/mae", "test/mse", "test/pearson", "test/spearman"],
      ...["train/grad_norm", "train/loss", "train/lr", "train/pairs_per_second"],
    ]);
    expect(scalars["train/loss"]).toEqual(logged(output, "step", "loss"));
    expect(scalars["train/grad_norm"]).toEqual(logged(output, "step", "gradNorm"));
    expect(scalars["train/lr"]).toEqual(logged(output, "step", "lr"));
    for (const name of ["pearson", "spearman", "mse", "mae"]) {
      expect(scalars[`dev/${name}`]).toEqual(logged(output, "evaluation", name));
    }
    expect(accumulated.scalars).toEqual(scalars);
    for (const [, rows] of histograms["dev/labels"]!) {
      expect(rows[0]![0]).toBe(0);
      expect(rows.at(-1)![1]).toBe(5);
      expect(rows.reduce((sum, [, , count]) => sum + count, 0)).toBe(25);
    }
    const config = readFileSync(path.join(output, "config.yaml"), "utf8");
    expect(text.config).toEqual([[0, expect.stringMatching(/^<pre><code>model: /)]]);
    const settings = parse(config) as Record<string, unknown>;
    const { lr, batchSize, fullTrain, labelRange } = settings;
    expect(hyperparameters).toMatchObject({ lr, batchSize, fullTrain });
    expect(hyperparameters.labelRange).toBe(JSON.stringify(labelRange));
    expect(Object.keys(hyperparameters).sort()).toEqual(
      Object.keys(settings)
        .filter((name) => name !== "output")
        .sort(),
    );
  });

  it("the weights of each layer as numpy counts those that were saved", async () => {
    const { output, best } = await space.train();
    const { histograms, accumulated, weights } = shownOf(output)["."]!;
    expect(Object.keys(weights)).toHaveLength(4);
    for (const [tag, { counts, edges }] of Object.entries(weights)) {
      const rows = new Map(histograms[tag]).get(best!.step)!;
      expect(rows.map(([left]) => left)).toEqual(edges.slice(0, -1).map(Math.fround));
      // In float32 a weight at a border may be counted on its other side.
      const moved = rows.reduce((sum, [, , count], i) => sum + Math.abs(count - counts[i]!), 0);
      expect(moved).toBeLessThanOrEqual(2);
      const whole = new Map(accumulated.histograms[tag]).get(best!.step)!;
      expect(whole).toMatchObject({ min: edges[0], max: edges.at(-1) });
      expect(whole.num).toBe(counts.reduce((a, b) => a + b));
    }
  });

  it("every step once, where a run was killed and went on", async () => {
    const options = space.options({ evalSteps: 3, saveSteps: 4 });
    for (const moment of [7, 9]) {
      const onStep = ({ step }: { step: number }) => {
        if (step === moment) throw new Error("killed");
      };
      const settings = { callbacks: { onStep } };
      const trainer =
        moment === 7
          ? new Trainer(options, settings)
          : await Trainer.resume(options.output, settings);
      await expect(trainer.train()).rejects.toThrow("killed");
    }
    await (await Trainer.resume(options.output)).train();
    const { scalars, histograms, text } = shownOf(options.output)["."]!;
    const steps = (points: [number, unknown][]) => points.map(([step]) => step);
    expect(steps(scalars["train/loss"]!)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(scalars["train/loss"]).toEqual(logged(options.output, "step", "loss"));
    expect(steps(scalars["dev/pearson"]!)).toEqual([3, 6, 9, 10]);
    expect(steps(histograms["weights/layer_01"]!)).toEqual([3, 6, 9, 10]);
    expect(steps(text.config!)).toEqual([0]);
  });

  it("each fold of a cross-validation as a run", async () => {
    const { model, train, output, epochs, batchSize, lr } = space.options({ epochs: 1 });
    const options = { ...{ model, train, output, epochs, batchSize, lr }, folds: 2 };
    await new CrossValidation(options).run();
    const shown = shownOf(output);
    expect(Object.keys(shown)).toEqual(["fold-1", "fold-2"]);
    for (const [name, { scalars }] of Object.entries(shown)) {
      const fold = path.join(output, name);
      expect(scalars["train/loss"]).toEqual(logged(fold, "step", "loss"));
      expect(curveOf(readEvents(eventFileOf(fold)), "dev/pearson")).toHaveLength(1);
    }
  });
});

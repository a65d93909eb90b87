import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";

type Settings = Readonly<Record<string, unknown>>;

/** What a training writes; its loss falls and its Pearson rises with `quality`, from 0 to 1. */
export type RunFiles = {
  settings?: Settings;
  steps?: number;
  quality?: number;
  /** Without it the run has not ended. */
  summary?: object | null;
  predictions?: readonly number[];
};

/** Writes the directory of a training, and returns it. */
export function writeRun(
  directory: string,
  { settings, steps = 40, quality = 0.8, summary, predictions }: RunFiles = {},
): string {
  mkdirSync(directory, { recursive: true });
  const write = (file: string, text: string) => writeFileSync(path.join(directory, file), text);
  write("config.yaml", stringify({ ...trainSettings, ...settings, output: directory }));
  write(
    "metrics.jsonl",
    events(steps, quality)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(""),
  );
  if (summary !== null) write("summary.json", JSON.stringify(summary ?? summaryOf(steps, quality)));
  if (predictions) {
    const rows = predictions.map((target, i) => `p-${i},${target}\n`);
    write("predictions-dev.csv", `id,target\n${rows.join("")}`);
  }
  return directory;
}

const trainSettings: Settings = {
  ...{ model: "models/mini", train: "train.csv", dev: "dev.csv", epochs: 2, batchSize: 16 },
  ...{ lr: 0.0003, loss: "mse", columns: {}, labelRange: { min: 0, max: 5 }, parameterRules: [] },
};

const figuresOf = (quality: number, epoch: number) => ({
  ...{ n: 50, pearson: (quality * epoch) / 2, spearman: (quality * epoch) / 2 - 0.01 },
  ...{ mse: 2 - quality, mae: 1.2 - quality },
});

/** Of two epochs, with an evaluation after each. */
export function events(steps: number, quality: number): object[] {
  return Array.from({ length: steps }, (_, i) => i + 1).flatMap((step) => {
    const epoch = step <= steps / 2 ? 1 : 2;
    const loss = 4 * Math.exp((-3 * quality * step) / steps) + 0.3 * (1 + Math.sin(7 * step));
    const lr = 3e-4 * (1 - step / steps);
    const event = { event: "step", step, epoch, loss, lr, gradNorm: 1 + loss, pairsPerSecond: 100 };
    return step % (steps / 2) === 0
      ? [
          event,
          {
            event: "evaluation",
            step,
            epoch,
            isBest: true,
            ...figuresOf(quality, epoch),
            warnings: [],
          },
        ]
      : [event];
  });
}

const summaryOf = (steps: number, quality: number): object => {
  const { pearson, spearman } = figuresOf(quality, 2);
  return {
    best: { epoch: 2, step: steps, pearson, spearman },
    test: { ...figuresOf(quality, 2), n: 30 },
    ...{ pairsPerSecond: 120.5, steps, skippedSteps: 0, output: "elsewhere" },
  };
};

/** Writes the directory of a cross-validation whose folds have these qualities, and returns it. */
export function writeCrossValidation(
  directory: string,
  qualities: readonly number[],
  { of = qualities.length }: { of?: number } = {},
): string {
  mkdirSync(directory, { recursive: true });
  const settings = { ...trainSettings, folds: of, stratified: false, joinDev: false };
  writeFileSync(path.join(directory, "config.yaml"), stringify({ ...settings, output: directory }));
  qualities.forEach((quality, i) => {
    writeRun(path.join(directory, `fold-${i + 1}`), { quality, steps: 20 });
  });
  if (qualities.length < of) return directory;
  const folds = qualities.map((quality, i) => ({ fold: i + 1, ...figuresOf(quality, 2) }));
  const summary = { folds, missing: [], outOfFold: figuresOf(0.5, 2), test: null };
  writeFileSync(path.join(directory, "summary.json"), JSON.stringify(summary));
  return directory;
}

/** Writes the directory of a pre-training, and returns it. */
export function writePretraining(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const settings = { model: "models/mini", text: "reviews.txt", epochs: 1, lr: 1e-4 };
  const metrics = { loss: 5.5, perplexity: Math.exp(5.5), accuracy: 0.25, n: 700 };
  const step = { event: "step", step: 1, epoch: 1, loss: 6, lr: 1e-4, gradNorm: 2 };
  const evaluation = { event: "evaluation", step: 1, epoch: 1, isBest: true, ...metrics };
  const summary = { best: { epoch: 1, step: 1, ...metrics }, linesPerSecond: 184, steps: 1 };
  const write = (file: string, text: string) => writeFileSync(path.join(directory, file), text);
  write("config.yaml", stringify(settings));
  write("metrics.jsonl", `${JSON.stringify(step)}\n${JSON.stringify(evaluation)}\n`);
  write("summary.json", JSON.stringify(summary));
  return directory;
}

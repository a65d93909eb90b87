import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadModel } from "../../lib/models/load-model.js";
import type { TrainOptions } from "../../lib/training/config.js";
import type { TrainerCallbacks } from "../../lib/training/events.js";
import type { TrainSummary } from "../../lib/training/summary.js";
import { Trainer } from "../../lib/training/trainer.js";
import { readEvents, type ReadEvent } from "../support/event-file.js";
import { writeTinyData, writeTinyModel } from "../support/tiny-model.js";

/** A directory with tiny models and data, which goes away when the tests of the file have run. */
export class Workspace {
  readonly path = mkdtempSync(path.join(tmpdir(), "sts-training-"));
  #runs = 0;

  constructor() {
    beforeAll(async () => {
      await writeTinyModel(this.file("model"));
      await writeTinyModel(this.file("dropout"), 0.1);
      await writeTinyData(this.file("train.csv"), 40);
      await writeTinyData(this.file("dev.csv"), 25);
    });
    afterAll(() => rmSync(this.path, { recursive: true }));
  }

  file(...parts: string[]): string {
    return path.join(this.path, ...parts);
  }

  /** Settings of a run of 10 steps in a directory of its own. */
  options(change: Partial<TrainOptions> = {}): TrainOptions {
    return {
      model: this.file("model"),
      train: this.file("train.csv"),
      dev: this.file("dev.csv"),
      output: this.file(`run-${++this.#runs}`),
      epochs: 2,
      batchSize: 8,
      lr: 1e-3,
      ...change,
    };
  }

  train(change?: Partial<TrainOptions>, callbacks: TrainerCallbacks = {}): Promise<TrainSummary> {
    return new Trainer(this.options(change), { callbacks }).train();
  }

  /** The losses of a run's steps. */
  async losses(change?: Partial<TrainOptions>): Promise<number[]> {
    const losses: number[] = [];
    await this.train(change, { onStep: ({ loss }) => void losses.push(loss) });
    return losses;
  }
}

/** The weights of a saved model, by name. */
export async function weightsIn(directory: string): Promise<Map<string, number[]>> {
  using model = await loadModel(directory);
  return new Map([...model.parameters].map(([name, tensor]) => [name, tensor.toNumbers()]));
}

export type Line = { event: string; step: number; [key: string]: unknown };

/** What a run has logged, but for its speed. */
export function linesOf(run: string): Line[] {
  const lines = readFileSync(path.join(run, "metrics.jsonl"), "utf8").trim().split("\n");
  return lines.map((text) => {
    const line = JSON.parse(text) as Line;
    delete line.pairsPerSecond;
    return line;
  });
}

/**
 * All that a run leaves but how fast it was and where it lies: what two runs that are the same
 * have in common.
 */
export function resultOf(run: string): Record<string, unknown> {
  const files = readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(run, path.join(entry.parentPath, entry.name)))
    // It holds the time that training took.
    .filter((name) => name !== "resume.safetensors")
    .sort();
  return Object.fromEntries(
    files.map((name) => [name.replace(/tfevents\.\d+/, "tfevents"), contentsOf(run, name)]),
  );
}

/** What a run shows in TensorBoard, but for its speed, its place and the time of day. */
export const eventsOf = (file: string): Omit<ReadEvent, "wallTime">[] =>
  readEvents(file).map(({ step, values }) => ({
    step,
    values: values
      .filter(({ tag }) => tag !== "train/pairs_per_second")
      .map((value) => (value.text ? { ...value, text: withoutOutput(value.text) } : value)),
  }));

const withoutOutput = (config: string): string => config.replace(/^ *output: .*\n/m, "");

function contentsOf(run: string, name: string): unknown {
  const bytes = readFileSync(path.join(run, name));
  if (name === "metrics.jsonl") return linesOf(run);
  if (name === "summary.json") {
    return { ...(JSON.parse(bytes.toString()) as object), pairsPerSecond: 0, output: "" };
  }
  if (name === "config.yaml") return withoutOutput(bytes.toString());
  if (name.includes("tfevents")) return eventsOf(path.join(run, name));
  return createHash("sha256").update(bytes).digest("hex");
}

/** Where a run is interrupted: when a callback is told of a step. */
export type Interruption = {
  at: "onStart" | "onStep" | "onEvaluation" | "onSave";
  step?: number;
  /** In the turn of the event loop after that, in the middle of what comes next. */
  later?: boolean;
};

/** Trains, interrupting and resuming, until the run ends. */
export async function trainInterrupted(
  options: TrainOptions,
  interruptions: readonly Interruption[],
): Promise<TrainSummary> {
  for (const interruption of interruptions) {
    const abort = new AbortController();
    const settings = { signal: abort.signal, callbacks: interrupting(interruption, abort) };
    await expect(start(options, settings)).rejects.toMatchObject({ code: "ABORTED" });
    expect(abort.signal.aborted).toBe(true);
    expect(existsSync(path.join(options.output, "summary.json"))).toBe(false);
  }
  return start(options, {});
}

async function start(
  options: TrainOptions,
  settings: ConstructorParameters<typeof Trainer>[1],
): Promise<TrainSummary> {
  const trainer = existsSync(options.output)
    ? await Trainer.resume(options.output, settings)
    : new Trainer(options, settings);
  return trainer.train();
}

function interrupting({ at, step, later }: Interruption, abort: AbortController): TrainerCallbacks {
  return {
    [at]: (event: { step?: number }) => {
      if (step !== undefined && event.step !== step) return;
      if (later) setImmediate(() => abort.abort());
      else abort.abort();
    },
  };
}

import { clampLabel, type SentencePair } from "../data/pair.js";
import { writePredictions } from "../data/predictions.js";
import { throwIfAborted } from "../foundation/abort.js";
import { prepare, toPair, type EvaluationSet } from "../evaluation/evaluate.js";
import { similarityMetrics } from "../evaluation/metrics.js";
import { CrossEncoder, type LoadOptions } from "../models/cross-encoder.js";
import type { TrainConfig, TrainOptions } from "./config.js";
import { loadDatasets, type Datasets } from "./datasets.js";
import type { StartEvent, TrainerCallbacks } from "./events.js";
import { parseTrainConfig } from "./parse-config.js";
import { planRun, type Plan } from "./plan.js";
import { RunDirectory } from "./run-directory.js";
import type { TrainSummary } from "./summary.js";
import { TrainingLoop, type LoopOutcome } from "./training-loop.js";

export type TrainerSettings = {
  callbacks?: TrainerCallbacks;
  /** When it fires, the step in progress is finished and the weights are saved. */
  signal?: AbortSignal;
  /** Told of the download of a model from the hub. */
  onProgress?: NonNullable<LoadOptions["onProgress"]>;
};

/**
 * Fine-tunes a cross-encoder on scored sentence pairs and keeps the weights with the highest
 * Pearson correlation on dev.
 * @example
 * const summary = await new Trainer({
 *   model: "klue/roberta-small", train: "train.csv", dev: "dev.csv", output: "runs/first",
 * }).train();
 */
export class Trainer {
  readonly config: TrainConfig;
  readonly #settings: TrainerSettings;

  /** @throws StsError `INVALID_ARGUMENT`, naming every setting at fault */
  constructor(options: TrainOptions, settings: TrainerSettings = {}) {
    this.config = parseTrainConfig(options, "configuration");
    this.#settings = settings;
  }

  /**
   * Runs the training and writes everything to the run's directory.
   * @throws StsError `ABORTED` after the signal has fired: once training has begun, with the weights
   *   saved in `last`; `INVALID_DATA`, `NOT_FOUND`, `NOT_FINITE`, `IO_FAILED` and what
   *   `CrossEncoder.load` throws
   */
  async train(): Promise<TrainSummary> {
    await RunDirectory.requireFree(this.config.output);
    const fitted = await this.#fit();
    return this.#finish(fitted);
  }

  async #fit(): Promise<Fitted> {
    const { callbacks = {}, signal } = this.#settings;
    using model = await this.#loadModel();
    const config = { ...this.config, labelRange: model.labelRange };
    const data = await loadDatasets(config, model.labelRange);
    const train = await prepare(model, data.train, signal);
    const dev = await prepare(model, data.dev, signal);
    const plan = planRun(config, data.train.length);
    const directory = await RunDirectory.create(config);
    await callbacks.onStart?.(describeStart({ config, plan, model, data, train, dev }));
    using loop = new TrainingLoop({
      config,
      plan,
      model,
      train,
      dev,
      directory,
      callbacks,
      signal,
    });
    return { outcome: await loop.run(), data, directory };
  }

  #loadModel(): Promise<CrossEncoder> {
    const { model, labelRange, maxLength, seed } = this.config;
    const { onProgress, signal } = this.#settings;
    throwIfAborted(signal, "The training");
    return CrossEncoder.load(model, {
      seed,
      ...(labelRange && { labelRange }),
      ...(maxLength !== undefined && { maxLength }),
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
  }

  /** Predicts dev and test with the best weights and writes the summary. */
  async #finish({ outcome, data, directory }: Fitted): Promise<TrainSummary> {
    using model = await CrossEncoder.load(directory.best);
    await this.#predict(model, data.dev, directory.predictions("dev"));
    const test =
      data.test && (await this.#predict(model, data.test, directory.predictions("test")));
    const { epoch, step, pearson, spearman } = outcome.best;
    const summary: TrainSummary = {
      best: { epoch, step, pearson, spearman },
      test,
      pairsPerSecond: outcome.pairsPerSecond,
      steps: outcome.steps,
      output: directory.path,
    };
    await directory.writeSummary(summary);
    return summary;
  }

  /** Writes the predictions. Returns the metrics, or null where not every pair has a label. */
  async #predict(
    model: CrossEncoder,
    pairs: readonly SentencePair[],
    file: string,
  ): Promise<TrainSummary["test"]> {
    const { batchSize } = this.config;
    const { signal } = this.#settings;
    const scores = await model.predict(pairs.map(toPair), { batchSize, clamp: false, signal });
    const targets = scores.map((score) => clampLabel(score, model.labelRange));
    await writePredictions(
      file,
      pairs.map(({ id }, i) => ({ id, target: targets[i]! })),
    );
    const labels = pairs.flatMap(({ label }) => label ?? []);
    if (labels.length < pairs.length || labels.length < 2) return null;
    const { n, pearson, spearman, mse, mae } = similarityMetrics(scores, labels);
    return { n, pearson, spearman, mse, mae };
  }
}

/** What is there when the optimisation is over. */
type Fitted = { outcome: LoopOutcome; data: Datasets; directory: RunDirectory };

type Prepared = {
  config: TrainConfig;
  plan: Plan;
  model: CrossEncoder;
  data: Datasets;
  train: EvaluationSet;
  dev: EvaluationSet;
};

function describeStart({ config, plan, model, data, train, dev }: Prepared): StartEvent {
  const sizes = [...model.parameters.values()].map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const encodings = [...train.encodings, ...dev.encodings];
  return {
    steps: plan.steps,
    epochs: config.epochs,
    pairs: {
      train: data.train.length,
      dev: data.dev.length,
      test: data.test?.length ?? null,
    },
    devFromTrain: config.dev === undefined,
    truncated: encodings.filter(({ truncated }) => truncated).length,
    maxLength: model.maxLength,
    parameters: sizes.reduce((sum, size) => sum + size, 0),
    initialised: model.initialised,
    skipped: data.skipped,
  };
}

import type { SentencePair } from "../data/pair.js";
import { clampLabel } from "../data/pair.js";
import { writePredictions } from "../data/predictions.js";
import { prepare, toPair, type EvaluationSet } from "../evaluation/evaluate.js";
import { similarityMetrics, type SimilarityMetrics } from "../evaluation/metrics.js";
import { throwIfAborted } from "../foundation/abort.js";
import type { CompiledLoss } from "../losses/compile.js";
import type { LoadOptions } from "../models/cross-encoder.js";
import { onDevice } from "../tensor/context.js";
import { chooseDevice } from "../tensor/device.js";
import { loadModel } from "../models/load-model.js";
import type { PairModel } from "../models/pair-model.js";
import { lossFor, requireFitting } from "./check-config.js";
import type { TrainConfig, TrainOptions } from "./config.js";
import { createModel, kindToTrain } from "./create-model.js";
import { loadDatasets, type Datasets } from "./datasets.js";
import { describeStart } from "./describe-start.js";
import type { TrainerCallbacks } from "./events.js";
import { frozenParameters } from "./optimisation/freeze.js";
import { PairObjective } from "./pair-objective.js";
import { parseTrainConfig } from "./parse-config.js";
import { autocastOf } from "../models/precision.js";
import { RunDirectory } from "./loop/run-directory.js";
import { RunLog } from "./loop/run-log.js";
import type { TrainSummary } from "./summary.js";
import { runLoop } from "./loop/run-loop.js";
import type { LoopOutcome } from "./loop/training-loop.js";

export type TrainerSettings = {
  callbacks?: TrainerCallbacks;
  /** When it fires, the step in progress is finished and the run is saved. */
  signal?: AbortSignal;
  /** Told of the download of a model from the hub. */
  onProgress?: NonNullable<LoadOptions["onProgress"]>;
};

/**
 * Fine-tunes a model on sentence pairs and keeps the weights with the highest Pearson correlation
 * on dev.
 * @example
 * const summary = await new Trainer({
 *   model: "klue/roberta-small", train: "train.csv", dev: "dev.csv", output: "runs/first",
 * }).train();
 */
export class Trainer {
  readonly config: TrainConfig;
  readonly #settings: TrainerSettings;
  /** Of a run that is gone on with. */
  #directory: RunDirectory | undefined;

  /** @throws StsError `INVALID_ARGUMENT`, naming every setting at fault */
  constructor(options: TrainOptions, settings: TrainerSettings = {}) {
    this.config = parseTrainConfig(options, "configuration");
    this.#settings = settings;
  }

  /**
   * A trainer that goes on with a run where it was saved last, exactly: with the same machine and
   * number of threads its weights and metrics become those of a run that was never interrupted. A
   * run that has ended gives its summary again.
   * @param output the run's directory
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `INVALID_ARGUMENT`
   */
  static async resume(output: string, settings: TrainerSettings = {}): Promise<Trainer> {
    const { directory, config } = await RunDirectory.open(output, "train");
    const options = parseTrainConfig(config, `${output}/config.yaml`);
    const trainer = new Trainer({ ...options, output }, settings);
    trainer.#directory = directory;
    return trainer;
  }

  /**
   * Runs the training and writes everything to the run's directory.
   * @throws StsError `ABORTED` after the signal has fired: once training has begun, with the run
   *   saved for `resume`; `INVALID_DATA`, `NOT_FOUND`, `NOT_FINITE`, `IO_FAILED` and what loading
   *   the model throws
   */
  async train(): Promise<TrainSummary> {
    return onDevice(chooseDevice(this.config.device), () => this.#train());
  }

  async #train(): Promise<TrainSummary> {
    const ended = await this.#directory?.readSummary<TrainSummary>();
    if (ended) return ended;
    if (!this.#directory) await RunDirectory.requireFree(this.config.output);
    const fitted = await this.#fit();
    return this.#finish(fitted);
  }

  async #fit(): Promise<Fitted> {
    const { callbacks = {}, signal } = this.#settings;
    const { model, loss } = await this.#loadModel();
    using owned = model;
    const config = { ...this.config, labelRange: owned.labelRange, loss: loss.text };
    const data = await loadDatasets(config, owned, signal);
    const { train, dev } = await tokenize(owned, data, signal);
    const { batchSize, precision } = config;
    const autocast = autocastOf(precision);
    const objective = new PairObjective({ model, loss, train, dev, batchSize, autocast });
    const frozen = new Set([
      ...owned.frozenParameters,
      ...frozenParameters([...owned.parameters.keys()], config.freeze),
    ]);
    const prepared = { config, model, loss, data, train, dev, frozen };
    const fitted = await runLoop(
      { config, objective, frozen, callbacks, signal },
      { resumed: this.#directory, command: "train" },
      (plan, resumedFrom) => callbacks.onStart?.(describeStart({ ...prepared, plan, resumedFrom })),
    );
    return { ...fitted, data };
  }

  async #loadModel(): Promise<{ model: PairModel; loss: CompiledLoss }> {
    const { config } = this;
    const { onProgress, signal } = this.#settings;
    throwIfAborted(signal, "The training");
    const options: LoadOptions = {
      seed: config.seed,
      // A model of bytes would be saved as such, and lose what it has learnt.
      precision: "fp32",
      ...(config.labelRange && { labelRange: config.labelRange }),
      ...(config.maxLength !== undefined && { maxLength: config.maxLength }),
      ...(config.cleaning && { cleaning: config.cleaning }),
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    };
    const kind = await kindToTrain(config, options);
    requireFitting(config, kind);
    const loss = lossFor(config, kind);
    // A loss of scores works on whatever the model's head puts out.
    const output = loss.output.type === "regression" ? undefined : loss.output;
    return { model: await createModel(config, kind, output, options), loss };
  }

  /** Predicts dev and test with the weights that count and writes the summary. */
  async #finish({ outcome, data, directory }: Fitted): Promise<TrainSummary> {
    using model = await loadModel(outcome.best ? directory.best : directory.last);
    const heldOut = data.dev ?? data.leftOut;
    if (heldOut) await this.#predict(model, heldOut, directory.predictions("dev"));
    const test =
      data.test && (await this.#predict(model, data.test, directory.predictions("test")));
    if (test) await new RunLog(directory).test(outcome.best?.step ?? outcome.steps, test);
    const summary: TrainSummary = {
      best: outcome.best && {
        epoch: outcome.best.epoch,
        step: outcome.best.step,
        pearson: outcome.best.metrics.pearson,
        spearman: outcome.best.metrics.spearman,
      },
      test,
      pairsPerSecond: outcome.examplesPerSecond,
      steps: outcome.steps,
      skippedSteps: outcome.skippedSteps,
      output: directory.path,
    };
    await directory.writeSummary(summary);
    return summary;
  }

  /** Writes the predictions. Returns the metrics, or null where not every pair has a label. */
  async #predict(
    model: PairModel,
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
type Fitted = {
  outcome: LoopOutcome<SimilarityMetrics>;
  data: Datasets;
  directory: RunDirectory;
};

async function tokenize(
  model: PairModel,
  data: Datasets,
  signal: AbortSignal | undefined,
): Promise<{ train: EvaluationSet; dev: EvaluationSet | null }> {
  const texts = data.train.map(({ texts }) => texts);
  const train = {
    encodings: await model.tokenize(texts, signal),
    labels: data.train.map(({ label }) => label),
  };
  return { train, dev: data.dev && (await prepare(model, data.dev, signal)) };
}

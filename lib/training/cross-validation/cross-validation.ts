import { existsSync } from "node:fs";
import { throwIfAborted } from "../../foundation/abort.js";
import type { LoadOptions } from "../../models/cross-encoder.js";
import type { TrainConfig } from "../config.js";
import type { TrainerCallbacks } from "../events.js";
import { Trainer } from "../trainer.js";
import { completeConfig, isComplete, type CompleteConfig } from "./complete.js";
import {
  chosenFolds,
  foldOptions,
  parseCrossValidationConfig,
  type CrossValidationConfig,
  type CrossValidationOptions,
} from "./config.js";
import { loadDivided, type DividedData } from "./data.js";
import { CrossValidationDirectory } from "./directory.js";
import type { CrossValidationCallbacks } from "./events.js";
import { mergeFolds, outcomeOfFold } from "./merge.js";
import type { CrossValidationSummary } from "./summary.js";

export type CrossValidationSettings = {
  callbacks?: CrossValidationCallbacks;
  /** Of each fold's training. */
  trainer?: TrainerCallbacks;
  /** When it fires, the step in progress is finished and the fold is saved. */
  signal?: AbortSignal;
  /** Told of the download of a model from the hub. */
  onProgress?: NonNullable<LoadOptions["onProgress"]>;
};

/** What is there when the folds can be trained. */
type Prepared = {
  config: CompleteConfig;
  data: DividedData;
  /** The training of each fold. */
  trainings: TrainConfig[];
  directory: CrossValidationDirectory;
};

/**
 * Trains a model for each fold of the pairs on the other folds, each from the same start, so that
 * every pair is predicted by a model that was not trained on it.
 * @see Stone (1974), "Cross-Validatory Choice and Assessment of Statistical Predictions"
 * @example
 * const summary = await new CrossValidation({
 *   model: "klue/roberta-small", train: "train.csv", folds: 5, stratified: true, output: "runs/cv",
 * }).run();
 * console.log(summary.outOfFold.pearson);
 */
export class CrossValidation {
  readonly config: CrossValidationConfig;
  readonly #settings: CrossValidationSettings;
  /** Of one that is gone on with. */
  #directory: CrossValidationDirectory | undefined;

  /** @throws StsError `INVALID_ARGUMENT`, naming every setting at fault */
  constructor(options: CrossValidationOptions, settings: CrossValidationSettings = {}) {
    this.config = parseCrossValidationConfig(options, "configuration");
    this.#settings = settings;
  }

  /**
   * One that goes on where it was stopped: folds that are finished are taken as they are, one that
   * was interrupted is gone on with exactly. The folds may have been trained elsewhere, with the
   * same settings and data, and copied into the directory.
   * @param output the directory of the cross-validation
   * @param settings.fold which folds to train here; those of the first start when left out
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `INVALID_ARGUMENT`
   */
  static async resume(
    output: string,
    { fold, ...settings }: CrossValidationSettings & Pick<CrossValidationOptions, "fold"> = {},
  ): Promise<CrossValidation> {
    const { directory, config } = await CrossValidationDirectory.open(output);
    const options = { ...config, output, ...(fold !== undefined && { fold }) };
    const crossValidation = new CrossValidation(options, settings);
    crossValidation.#directory = directory;
    return crossValidation;
  }

  /**
   * Trains the folds that are chosen and, as soon as every fold is finished, brings all together.
   * @throws StsError `ABORTED` after the signal has fired, with what has begun saved for `resume`;
   *   `INVALID_DATA`, `INVALID_ARGUMENT` and what a training throws
   */
  async run(): Promise<CrossValidationSummary> {
    const ended = await this.#directory?.readSummary(this.config.folds);
    if (ended) return ended;
    const prepared = await this.#prepare();
    const { config, data, trainings, directory } = prepared;
    const isNew = !this.#directory;
    if (isNew) await directory.begin(config);
    try {
      await directory.writeFolds(data.pairs, data.folds);
      await this.#announce(prepared);
      for (const fold of chosenFolds(config)) await this.#runFold(fold, prepared);
    } catch (error) {
      // A mistake that is found before the first training begins leaves nothing in the way.
      if (isNew && !trainings.some(({ output }) => existsSync(output))) await directory.remove();
      throw error;
    }
    return mergeFolds(directory, data);
  }

  async #prepare(): Promise<Prepared> {
    const { signal, onProgress } = this.#settings;
    const { output } = this.config;
    if (!this.#directory) await CrossValidationDirectory.requireFree(output);
    const directory = this.#directory ?? new CrossValidationDirectory(output);
    throwIfAborted(signal, "The cross-validation");
    const finding = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
    const config =
      this.#directory && isComplete(this.config)
        ? this.config
        : await completeConfig(this.config, finding);
    const data = await loadDivided(config);
    throwIfAborted(signal, "The cross-validation");
    const trainings = data.folds.map((_, i) => foldOptions(config, i + 1, data.fingerprint));
    for (const [i, training] of trainings.entries()) {
      const fold = directory.fold(i + 1);
      if (fold.isBegun) await fold.requireSame(training);
    }
    return { config, data, trainings, directory };
  }

  async #announce({ config, data }: Prepared): Promise<void> {
    const { pairs, folds, buckets, test, skipped, warnings } = data;
    await this.#settings.callbacks?.onStart?.({
      pairs: { divided: pairs.length, test: test?.length ?? null },
      folds: folds.map(({ length }, i) => ({ size: length, buckets: buckets[i]! })),
      stratified: config.stratified,
      chosen: chosenFolds(config),
      skipped,
      warnings,
    });
  }

  /** @param fold from 1 */
  async #runFold(fold: number, { data, trainings, directory }: Prepared): Promise<void> {
    const { callbacks, trainer, signal, onProgress } = this.#settings;
    const run = directory.fold(fold);
    if (!(await run.summary())) {
      throwIfAborted(signal, "The cross-validation");
      await run.clean();
      const resumed = run.isBegun;
      await callbacks?.onFoldStart?.({ fold, folds: trainings.length, resumed });
      const settings = {
        ...(trainer && { callbacks: trainer }),
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
      };
      const training = resumed
        ? await Trainer.resume(run.path, settings)
        : new Trainer(trainings[fold - 1]!, settings);
      await training.train();
    }
    await callbacks?.onFoldEnd?.((await outcomeOfFold(run, fold, data))!.result);
  }
}

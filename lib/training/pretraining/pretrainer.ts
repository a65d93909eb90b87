import { trainValidationSplit } from "../../data/split.js";
import { StsError } from "../../foundation/errors.js";
import type { LoadOptions } from "../../models/cross-encoder.js";
import { MaskedLanguageModel } from "../../models/masked-language-model.js";
import type { BadRow } from "../../data/bad-rows.js";
import { onDevice } from "../../tensor/context.js";
import { chooseDevice } from "../../tensor/device.js";
import type { LoopCallbacks, LoopStart } from "../events.js";
import { describeFrozen, precisionWarnings } from "../describe-start.js";
import { frozenParameters } from "../optimisation/freeze.js";
import { parsePretrainConfig } from "../parse-config.js";
import type { Plan } from "../loop/plan.js";
import { autocastOf } from "../../models/precision.js";
import { RunDirectory } from "../loop/run-directory.js";
import { runLoop } from "../loop/run-loop.js";
import type { LoopOutcome } from "../loop/training-loop.js";
import type { PretrainConfig, PretrainOptions } from "./config.js";
import { Corpus } from "./corpus.js";
import { MaskedObjective, type CorpusSplit, type MaskedMetrics } from "./masked-objective.js";

/** Most lines are shorter, and a long one costs more than it teaches. */
const usualLength = 128;

export type PretrainStartEvent = LoopStart & {
  /** Lines that are learnt from and that are held out. */
  lines: { train: number; heldOut: number };
  /** Of all lines. */
  tokens: number;
  /** Lines left out because of `onBadRow: skip`. */
  skipped: readonly BadRow[];
};

export type PretrainCallbacks = LoopCallbacks<MaskedMetrics> & {
  onStart?(event: PretrainStartEvent): void | Promise<void>;
};

export type PretrainerSettings = {
  callbacks?: PretrainCallbacks;
  /** When it fires, the step in progress is finished and the run is saved. */
  signal?: AbortSignal;
  /** Told of the download of a model from the hub. */
  onProgress?: NonNullable<LoadOptions["onProgress"]>;
};

/** What a finished run comes to: `summary.json`. */
export type PretrainSummary = {
  /** The evaluation with the lowest loss on the held-out lines. */
  best: { epoch: number; step: number } & MaskedMetrics;
  linesPerSecond: number;
  steps: number;
  skippedSteps: number;
  output: string;
};

/**
 * Trains an encoder further, or from random weights, to predict hidden words of plain text, so that
 * it knows a domain before it is fine-tuned. What it saves every other model here loads.
 * @see Gururangan et al. (2020), "Don't Stop Pretraining: Adapt Language Models to Domains and Tasks"
 * @example
 * await new Pretrainer({
 *   model: "klue/roberta-small", text: "reviews.txt.gz", output: "runs/reviews",
 * }).train();
 */
export class Pretrainer {
  readonly config: PretrainConfig;
  readonly #settings: PretrainerSettings;
  /** Of a run that is gone on with. */
  #directory: RunDirectory | undefined;

  /** @throws StsError `INVALID_ARGUMENT`, naming every setting at fault */
  constructor(options: PretrainOptions, settings: PretrainerSettings = {}) {
    this.config = parsePretrainConfig(options, "configuration");
    this.#settings = settings;
  }

  /**
   * Goes on with a run where it was saved last, exactly.
   * @param output the run's directory
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `INVALID_ARGUMENT`
   */
  static async resume(output: string, settings: PretrainerSettings = {}): Promise<Pretrainer> {
    const { directory, config } = await RunDirectory.open(output, "pretrain");
    const options = parsePretrainConfig(config, `${output}/config.yaml`);
    const pretrainer = new Pretrainer({ ...options, output }, settings);
    pretrainer.#directory = directory;
    return pretrainer;
  }

  /**
   * Runs the training and writes everything to the run's directory.
   * @throws StsError `ABORTED` after the signal has fired: once training has begun, with the run
   *   saved for `resume`; `INVALID_DATA`, `NOT_FOUND`, `NOT_FINITE`, `IO_FAILED` and what loading
   *   the model throws
   */
  async train(): Promise<PretrainSummary> {
    return onDevice(chooseDevice(this.config.device), () => this.#train());
  }

  async #train(): Promise<PretrainSummary> {
    const ended = await this.#directory?.readSummary<PretrainSummary>();
    if (ended) return ended;
    const { callbacks = {}, signal } = this.#settings;
    if (!this.#directory) await RunDirectory.requireFree(this.config.output, "pretrain");
    using model = await this.#loadModel();
    const maxLength = this.config.maxLength ?? Math.min(usualLength, model.maxLength);
    const config = { ...this.config, maxLength };
    const { onBadRow, heldOut, seed } = config;
    const corpus = await Corpus.read(config.text, model.tokenizer, { maxLength, onBadRow, signal });
    const share = Math.min(0.1, heldOut / corpus.size);
    const lines = trainValidationSplit([...Array(corpus.size).keys()], share, seed);
    const autocast = autocastOf(config.precision);
    const objective = new MaskedObjective({ config, model, corpus, lines, autocast });
    const frozen = frozenParameters([...model.parameters.keys()], config.freeze);
    const prepared = { config, model, corpus, lines, frozen };
    const { outcome, directory } = await runLoop(
      { config, objective, frozen, callbacks, signal },
      { resumed: this.#directory, command: "pretrain" },
      (plan, resumedFrom) => callbacks.onStart?.(describeStart({ ...prepared, plan, resumedFrom })),
    );
    const summary = summarise(outcome, directory);
    await directory.writeSummary(summary);
    return summary;
  }

  #loadModel(): Promise<MaskedLanguageModel> {
    const { model, weights, maxLength, seed } = this.config;
    const { onProgress, signal } = this.#settings;
    return MaskedLanguageModel.load(model, {
      fromScratch: weights === "random",
      seed,
      ...(maxLength !== undefined && { maxLength }),
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
  }
}

type Prepared = {
  config: PretrainConfig & { maxLength: number };
  plan: Plan;
  model: MaskedLanguageModel;
  corpus: Corpus;
  lines: CorpusSplit;
  frozen: ReadonlySet<string>;
  resumedFrom: number;
};

function describeStart(prepared: Prepared): PretrainStartEvent {
  const { config, plan, model, corpus, lines, frozen, resumedFrom } = prepared;
  return {
    steps: plan.steps,
    resumedFrom,
    epochs: config.epochs,
    lines: { train: lines.train.length, heldOut: lines.validation.length },
    tokens: corpus.tokens,
    truncated: corpus.truncated,
    maxLength: config.maxLength,
    ...describeFrozen(model.parameters, frozen),
    initialised: model.initialised,
    skipped: corpus.skipped,
    warnings: precisionWarnings(config),
  };
}

function summarise(
  { best, steps, skippedSteps, examplesPerSecond }: LoopOutcome<MaskedMetrics>,
  { path: output }: RunDirectory,
): PretrainSummary {
  if (!best) throw new StsError("INTERNAL", "The training ended without an evaluation.");
  const { epoch, step, metrics } = best;
  return {
    best: { epoch, step, ...metrics },
    linesPerSecond: examplesPerSecond,
    steps,
    skippedSteps,
    output,
  };
}

import { chunks } from "../../data/batches.js";
import { Random, type RandomState } from "../../data/random.js";
import { throwIfAborted } from "../../foundation/abort.js";
import type { MaskedLanguageModel } from "../../models/masked-language-model.js";
import type { Parameters } from "../../models/parameters.js";
import { autocast, type AutocastType } from "../../tensor/context.js";
import { maskTokens, type MaskedEncoding } from "../../text/masking.js";
import type { Batch, Evaluation, Objective } from "../loop/objective.js";
import type { PretrainConfig } from "./config.js";
import type { Corpus } from "./corpus.js";

export type MaskedMetrics = {
  /** Mean cross-entropy of the predictions, in nats. */
  loss: number;
  /** exp(loss): as if that many tokens were equally likely. */
  perplexity: number;
  /** Share of the predictions whose likeliest token is the right one. */
  accuracy: number;
  /** Predictions made. */
  n: number;
};

/** Places in a corpus: what is learnt from, and what is measured on. */
export type CorpusSplit = { train: readonly number[]; validation: readonly number[] };

export type MaskedObjectiveInputs = {
  config: PretrainConfig;
  model: MaskedLanguageModel;
  corpus: Corpus;
  lines: CorpusSplit;
  autocast: AutocastType | null;
};

/**
 * Hidden words that are predicted from their surroundings. Each time a line comes up other words
 * are hidden; on the held-out lines always the same.
 * @see Devlin et al. (2019), "BERT", section 3.1; Liu et al. (2019), "RoBERTa", on dynamic masking
 */
export class MaskedObjective implements Objective<MaskedMetrics> {
  readonly fingerprint: string;
  readonly #random: Random;
  readonly #heldOut: readonly MaskedEncoding[];

  constructor(private readonly inputs: MaskedObjectiveInputs) {
    const { config, corpus, lines } = inputs;
    this.fingerprint = corpus.fingerprint;
    this.#random = new Random(config.seed);
    const fixed = new Random(config.seed);
    this.#heldOut = lines.validation.map((index) => this.#mask(index, fixed));
  }

  readonly evaluate = async (
    signal: AbortSignal | undefined,
  ): Promise<Evaluation<MaskedMetrics>> => {
    const { config, model } = this.inputs;
    const sum = { lossSum: 0, correct: 0, count: 0 };
    for (const some of chunks(this.#heldOut, config.batchSize)) {
      throwIfAborted(signal, "The evaluation");
      const { lossSum, correct, count } = await model.score(some);
      sum.lossSum += lossSum;
      sum.correct += correct;
      sum.count += count;
    }
    const loss = sum.lossSum / sum.count;
    const perplexity = Math.exp(loss);
    const metrics = { loss, perplexity, accuracy: sum.correct / sum.count, n: sum.count };
    return { metrics, distributions: {} };
  };

  get size(): number {
    return this.inputs.lines.train.length;
  }

  get parameters(): Parameters {
    return this.inputs.model.parameters;
  }

  batches(indices: readonly number[], batchSize: number): Batch[] {
    const { model, lines, autocast: type } = this.inputs;
    const masked = indices.map((index) => this.#mask(lines.train[index]!, this.#random));
    const predictions = countPredictions(masked);
    return chunks(masked, batchSize).map((some) => ({
      // By predictions, so that a step's loss is the mean over all of them.
      share: countPredictions(some) / predictions,
      loss: (pass) => autocast(type, () => model.loss(some, pass)),
    }));
  }

  rank({ loss }: MaskedMetrics): number {
    return Number.isFinite(loss) ? -loss : -Infinity;
  }

  save(directory: string): Promise<void> {
    return this.inputs.model.save(directory);
  }

  state(): RandomState {
    return this.#random.state();
  }

  restore(state: unknown): void {
    this.#random.restore(state as RandomState);
  }

  #mask(index: number, random: Random): MaskedEncoding {
    const { config, model, corpus } = this.inputs;
    const { maskProbability: probability, wholeWord } = config;
    const options = { probability, wholeWord };
    return maskTokens(corpus.at(index), model.tokenizer.masking, random, options);
  }
}

const countPredictions = (examples: readonly MaskedEncoding[]): number =>
  examples.reduce((sum, { positions }) => sum + positions.length, 0);

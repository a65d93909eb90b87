import { createHash } from "node:crypto";
import { chunks } from "../data/batches.js";
import type { EvaluationSet } from "../evaluation/evaluate.js";
import { similarityMetrics, type SimilarityMetrics } from "../evaluation/metrics.js";
import type { CompiledLoss } from "../losses/compile.js";
import type { Outputs } from "../losses/loss.js";
import type { Encoded, PairModel } from "../models/pair-model.js";
import type { Parameters } from "../models/parameters.js";
import type { TrainingPass } from "../models/training-pass.js";
import { autocast, type AutocastType } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import { Tensor } from "../tensor/tensor.js";
import type { Batch, Evaluation, Objective } from "./loop/objective.js";

export type PairObjectiveInputs = {
  model: PairModel;
  loss: CompiledLoss;
  train: EvaluationSet;
  /** null in a full training, which is not validated. */
  dev: EvaluationSet | null;
  batchSize: number;
  autocast: AutocastType | null;
};

/** Scores of sentence pairs that come near to their labels. */
export class PairObjective implements Objective<SimilarityMetrics> {
  readonly fingerprint: string;
  readonly evaluate: Objective<SimilarityMetrics>["evaluate"];

  constructor(private readonly inputs: PairObjectiveInputs) {
    const { dev } = inputs;
    this.fingerprint = fingerprintOf(dev ? [inputs.train, dev] : [inputs.train]);
    this.evaluate = dev && ((signal) => this.#evaluate(dev, signal));
  }

  get size(): number {
    return this.inputs.train.labels.length;
  }

  get parameters(): Parameters {
    return this.inputs.model.parameters;
  }

  batches(indices: readonly number[], batchSize: number): Batch[] {
    return chunks(indices, batchSize).map((some) => ({
      // By size, so that uneven batches add up to the loss of one large batch.
      share: some.length / indices.length,
      loss: (pass) => this.#loss(some, pass),
    }));
  }

  rank({ pearson }: SimilarityMetrics): number {
    return pearson ?? -Infinity;
  }

  save(directory: string): Promise<void> {
    return this.inputs.model.save(directory);
  }

  state(): null {
    return null;
  }

  restore(): void {
    // There is nothing to restore: the objective draws no random numbers.
  }

  async #evaluate(
    { encodings, labels }: EvaluationSet,
    signal: AbortSignal | undefined,
  ): Promise<Evaluation<SimilarityMetrics>> {
    const { model, batchSize } = this.inputs;
    const predictions = await model.predictEncoded(encodings, { batchSize, signal, clamp: false });
    const metrics = similarityMetrics(predictions, labels);
    return { metrics, distributions: { predictions, labels } };
  }

  async #loss(indices: readonly number[], pass: TrainingPass): Promise<Tensor> {
    const { model, loss, train } = this.inputs;
    const examples = indices.map((index) => train.encodings[index]!);
    const labels = Tensor.from(Float32Array.from(indices, (index) => train.labels[index]!));
    const targets = { labels, labelRange: model.labelRange };
    const first = await this.#forward(examples, pass);
    if (loss.rDrop === 0) return loss.compute(first, targets);

    const second = await this.#forward(examples, pass);
    const sum = ops.add(loss.compute(first, targets), loss.compute(second, targets));
    const consistency = ops.scale(loss.consistency(first, second), loss.rDrop);
    return ops.add(ops.scale(sum, 0.5), consistency);
  }

  #forward(examples: readonly Encoded[], pass: TrainingPass): Promise<Outputs> {
    const { model, autocast: type } = this.inputs;
    return autocast(type, () => model.forward(examples, pass));
  }
}

function fingerprintOf(sets: readonly EvaluationSet[]): string {
  const hash = createHash("sha256");
  for (const { encodings, labels } of sets) {
    for (const example of encodings) for (const { ids } of example) hash.update(ids);
    hash.update(Float64Array.from(labels));
  }
  return hash.digest("hex");
}

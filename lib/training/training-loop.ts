import { batchIndices } from "../data/batches.js";
import { Random } from "../data/random.js";
import { evaluate, type EvaluationSet } from "../evaluation/evaluate.js";
import { StsError } from "../foundation/errors.js";
import { losses } from "../losses/registry.js";
import type { CrossEncoder } from "../models/cross-encoder.js";
import { Generator } from "../tensor/generator.js";
import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { AdamW } from "./adamw.js";
import { BestTracker, type Evaluated } from "./best-tracker.js";
import type { TrainConfig } from "./config.js";
import type { TrainerCallbacks } from "./events.js";
import type { Plan } from "./plan.js";
import type { RunDirectory } from "./run-directory.js";
import { createSchedule, type Schedule } from "./schedule.js";
import { Throughput } from "./throughput.js";

export type LoopInputs = {
  config: TrainConfig;
  plan: Plan;
  model: CrossEncoder;
  train: EvaluationSet;
  dev: EvaluationSet;
  directory: RunDirectory;
  callbacks: TrainerCallbacks;
  signal: AbortSignal | undefined;
};

export type LoopOutcome = { best: Evaluated; steps: number; pairsPerSecond: number };

/** The optimisation itself: epochs of steps, evaluations between them, the best weights kept. */
export class TrainingLoop implements Disposable {
  readonly #inputs: LoopInputs;
  readonly #optimizer: AdamW;
  readonly #schedule: Schedule;
  readonly #dropout: Generator;
  readonly #shuffle: Random;
  readonly #best: BestTracker;
  readonly #throughput = new Throughput();
  #step = 0;

  constructor(inputs: LoopInputs) {
    const { config, plan, model } = inputs;
    for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
    this.#inputs = inputs;
    this.#optimizer = new AdamW(model.parameters, { weightDecay: config.weightDecay });
    this.#schedule = createSchedule(config.schedule, plan.warmupSteps, plan.steps);
    this.#dropout = new Generator(config.seed);
    this.#shuffle = new Random(config.seed);
    this.#best = new BestTracker(config.patience);
  }

  async run(): Promise<LoopOutcome> {
    const { config, plan, train } = this.#inputs;
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
      const size = train.labels.length;
      for (const indices of batchIndices(size, plan.pairsPerStep, { shuffle: this.#shuffle })) {
        await this.#takeStep(epoch, indices);
        if (plan.evaluatesAfter(this.#step)) await this.#evaluate(epoch);
        if (this.#best.isExhausted) return this.#outcome();
      }
    }
    return this.#outcome();
  }

  [Symbol.dispose](): void {
    this.#optimizer.dispose();
  }

  async #takeStep(epoch: number, indices: readonly number[]): Promise<void> {
    const { config, plan, directory, callbacks, signal } = this.#inputs;
    if (signal?.aborted) await this.#abort();
    const lr = config.lr * this.#schedule(this.#step);
    const { loss, gradNorm } = await this.#throughput.measure(indices.length, () =>
      this.#optimise(indices, lr),
    );
    this.#step++;
    const { pairsPerSecond } = this.#throughput;
    const event = { step: this.#step, epoch, loss, lr, gradNorm, pairsPerSecond };
    const pairsLeft = (plan.steps - this.#step) * plan.pairsPerStep;
    await directory.log({ event: "step", ...event });
    await callbacks.onStep?.({
      ...event,
      steps: plan.steps,
      secondsLeft: this.#throughput.secondsFor(pairsLeft),
    });
  }

  /** Accumulate, clip, step, zero. */
  async #optimise(
    indices: readonly number[],
    lr: number,
  ): Promise<{ loss: number; gradNorm: number }> {
    const { batchSize, maxGradNorm } = this.#inputs.config;
    let loss = 0;
    for (let begin = 0; begin < indices.length; begin += batchSize) {
      // Weighted by size, so that uneven batches add up to the loss of one large batch.
      loss += await this.#backward(indices.slice(begin, begin + batchSize), indices.length);
    }
    const gradNorm = await this.#optimizer.clipGradNorm(maxGradNorm);
    if (!Number.isFinite(loss + gradNorm)) throw this.#notFinite(loss, gradNorm);
    await this.#optimizer.step(lr);
    this.#optimizer.zeroGrad();
    return { loss, gradNorm };
  }

  /** Adds the gradients of a batch, which counts for its share of `pairsPerStep` pairs. */
  #backward(batch: readonly number[], pairsPerStep: number): Promise<number> {
    const { config, model, train } = this.#inputs;
    return scope(async () => {
      const encodings = batch.map((index) => train.encodings[index]!);
      const labels = Tensor.from(Float32Array.from(batch, (index) => train.labels[index]!));
      const scores = await model.forward(encodings, this.#dropout);
      const loss = ops.scale(losses[config.loss](scores, labels), batch.length / pairsPerStep);
      await loss.backward();
      return loss.item();
    });
  }

  async #evaluate(epoch: number): Promise<void> {
    const { config, model, dev, directory, callbacks, signal } = this.#inputs;
    const step = this.#step;
    const metrics = await evaluate(model, dev, { batchSize: config.batchSize, signal }).catch(
      (error: unknown) => (signal?.aborted ? this.#abort() : Promise.reject(error as Error)),
    );
    const isBest = this.#best.update({ epoch, step, ...metrics });
    if (isBest) await model.save(directory.best);
    await model.save(directory.last);
    await directory.log({ event: "evaluation", step, epoch, isBest, ...metrics });
    await callbacks.onEvaluation?.({ step, epoch, metrics, isBest });
  }

  async #abort(): Promise<never> {
    const { model, directory } = this.#inputs;
    await model.save(directory.last);
    throw new StsError(
      "ABORTED",
      `The training was stopped after step ${this.#step}; its weights are in ${directory.last}.`,
    );
  }

  #notFinite(loss: number, gradNorm: number): StsError {
    return new StsError(
      "NOT_FINITE",
      `Step ${this.#step + 1}: the loss is ${loss} and the norm of the gradients ${gradNorm}. ` +
        "Lower the learning rate, or check the starting weights. What was saved before is intact.",
    );
  }

  #outcome(): LoopOutcome {
    const best = this.#best.best;
    if (!best) throw new StsError("INTERNAL", "The training ended without an evaluation.");
    return { best, steps: this.#step, pairsPerSecond: this.#throughput.pairsPerSecond };
  }
}

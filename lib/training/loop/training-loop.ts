import { batchIndices } from "../../data/batches.js";
import { Random } from "../../data/random.js";
import { StsError } from "../../foundation/errors.js";
import { Generator } from "../../tensor/generator.js";
import { ops } from "../../tensor/ops.js";
import { scope } from "../../tensor/scope.js";
import { BestTracker, type Evaluated } from "./best-tracker.js";
import type { OptimisationConfig } from "../config.js";
import type { LoopCallbacks } from "../events.js";
import { LoopCheckpoint, type LoopPosition } from "./loop-checkpoint.js";
import type { Batch, Evaluate, Evaluation, Objective } from "./objective.js";
import { Optimisation } from "../optimisation/optimisation.js";
import type { Plan } from "./plan.js";
import type { RunDirectory } from "./run-directory.js";
import { RunLog } from "./run-log.js";
import { Throughput } from "./throughput.js";
import { weightHistograms } from "./weight-histograms.js";

export type LoopInputs<Metrics> = {
  config: OptimisationConfig & { patience?: number | undefined };
  plan: Plan;
  objective: Objective<Metrics>;
  /** Parameters that stay as they are. */
  frozen: ReadonlySet<string>;
  directory: RunDirectory;
  callbacks: LoopCallbacks<Metrics>;
  signal: AbortSignal | undefined;
};

export type LoopOutcome<Metrics> = {
  /** null where nothing was evaluated. */
  best: Evaluated<Metrics> | null;
  steps: number;
  skippedSteps: number;
  examplesPerSecond: number;
};

/** The optimisation itself: epochs of steps, evaluations between them, the best weights kept. */
export class TrainingLoop<Metrics extends object> implements Disposable {
  readonly #inputs: LoopInputs<Metrics>;
  readonly #log: RunLog;
  readonly #optimisation: Optimisation;
  readonly #dropout: Generator;
  readonly #shuffle: Random;
  readonly #best: BestTracker<Metrics>;
  readonly #throughput = new Throughput();
  readonly #checkpoint: LoopCheckpoint<Metrics>;
  #position: LoopPosition;

  constructor(inputs: LoopInputs<Metrics>) {
    const { config, plan, objective, frozen, directory } = inputs;
    this.#inputs = inputs;
    this.#log = new RunLog(directory);
    this.#optimisation = new Optimisation(objective.parameters, frozen, config, plan);
    this.#dropout = new Generator(config.seed);
    this.#shuffle = new Random(config.seed);
    this.#best = new BestTracker((metrics) => objective.rank(metrics), config.patience);
    this.#position = {
      step: 0,
      epoch: 1,
      stepInEpoch: 0,
      orderState: this.#shuffle.state(),
      isEvaluationDue: false,
    };
    this.#checkpoint = new LoopCheckpoint<Metrics>({
      config,
      directory,
      log: this.#log,
      objective,
      optimisation: this.#optimisation,
      dropout: this.#dropout,
      best: this.#best,
      throughput: this.#throughput,
    });
  }

  /**
   * Goes to where the run was saved last.
   * @returns the steps that are already taken; 0 where nothing was saved
   */
  async resume(): Promise<number> {
    this.#position = (await this.#checkpoint.load()) ?? this.#position;
    return this.#position.step;
  }

  async run(): Promise<LoopOutcome<Metrics>> {
    if (this.#position.isEvaluationDue) await this.#afterStep();
    while (!this.#isOver()) await this.#runEpoch();
    return this.#outcome();
  }

  [Symbol.dispose](): void {
    this.#optimisation[Symbol.dispose]();
  }

  #isOver(): boolean {
    return this.#position.step >= this.#inputs.plan.steps || this.#best.isExhausted;
  }

  /** What is left of the epoch, in the order that its generator draws. */
  async #runEpoch(): Promise<void> {
    const { objective, plan } = this.#inputs;
    this.#shuffle.restore(this.#position.orderState);
    const order = batchIndices(objective.size, plan.examplesPerStep, { shuffle: this.#shuffle });
    for (const indices of [...order].slice(this.#position.stepInEpoch)) {
      await this.#takeStep(indices);
      await this.#afterStep();
      if (this.#isOver()) return;
    }
  }

  async #takeStep(indices: readonly number[]): Promise<void> {
    const { config, plan, objective, callbacks, signal } = this.#inputs;
    // Before the batches are made, which draws random numbers.
    if (signal?.aborted) await this.#abort();
    const { epoch } = this.#position;
    const lr = this.#optimisation.lr;
    const { loss, gradNorm } = await this.#throughput.measure(indices.length, () =>
      this.#optimise(objective.batches(indices, config.batchSize)),
    );
    this.#advance();
    const { step } = this.#position;
    const pairsPerSecond = this.#throughput.perSecond;
    const event = {
      ...{ step, epoch, loss, lr, gradNorm, pairsPerSecond },
      ...this.#optimisation.scaling,
    };
    const examplesLeft = (plan.steps - step) * plan.examplesPerStep;
    await this.#log.step(event);
    await callbacks.onStep?.({
      ...event,
      steps: plan.steps,
      secondsLeft: this.#throughput.secondsFor(examplesLeft),
    });
  }

  /** Accumulate, then unscale, clip, step, zero. */
  async #optimise(batches: readonly Batch[]): Promise<{ loss: number; gradNorm: number | null }> {
    const pass = {
      dropout: this.#dropout,
      recompute: this.#inputs.config.gradientCheckpointing,
    };
    let loss = 0;
    for (const batch of batches) {
      loss += await scope(async () => {
        const part = ops.scale(await batch.loss(pass), batch.share);
        await this.#optimisation.scaleLoss(part).backward();
        return part.item();
      });
    }
    const gradNorm = await this.#optimisation.update(loss, this.#position.step + 1);
    return { loss, gradNorm };
  }

  /** Moves on by a step, at the end of an epoch to the next one. */
  #advance(): void {
    const { step, epoch, stepInEpoch, orderState } = this.#position;
    const isLast = stepInEpoch + 1 === this.#inputs.plan.stepsPerEpoch;
    this.#position = {
      step: step + 1,
      epoch: isLast ? epoch + 1 : epoch,
      stepInEpoch: isLast ? 0 : stepInEpoch + 1,
      orderState: isLast ? this.#shuffle.state() : orderState,
      isEvaluationDue: true,
    };
  }

  async #afterStep(): Promise<void> {
    const { plan } = this.#inputs;
    const { step } = this.#position;
    if (plan.evaluatesAfter(step)) await this.#evaluate();
    this.#position = { ...this.#position, isEvaluationDue: false };
    if (plan.savesAfter(step) || this.#best.isExhausted) {
      await this.#keepCheckpoint();
      await this.#save();
    }
  }

  async #evaluate(): Promise<void> {
    const { objective, directory, callbacks } = this.#inputs;
    const { evaluate } = objective;
    if (!evaluate) return;
    const { step } = this.#position;
    const epoch = this.#epochOf(step);
    const found = await this.#optimisation.averaged(async () => {
      const evaluation = await this.#measure(evaluate);
      if (!evaluation) return null;
      const isBest = this.#best.update({ epoch, step, metrics: evaluation.metrics });
      if (isBest) await objective.save(directory.best);
      return { ...evaluation, isBest, weights: await weightHistograms(objective.parameters) };
    });
    if (!found) return this.#abort();
    const event = { step, epoch, metrics: found.metrics, isBest: found.isBest };
    await this.#log.evaluation(event, found);
    await callbacks.onEvaluation?.(event);
  }

  /** @returns null where the signal stopped it */
  async #measure(evaluate: Evaluate<Metrics>): Promise<Evaluation<Metrics> | null> {
    const { signal } = this.#inputs;
    return evaluate(signal).catch((error: unknown) => {
      if (signal?.aborted) return null;
      throw error;
    });
  }

  /** Saves the model for use and the run for going on. */
  async #save(): Promise<void> {
    const { objective, directory, callbacks } = this.#inputs;
    const { step } = this.#position;
    await this.#optimisation.requireFinite(step);
    await this.#optimisation.averaged(() => objective.save(directory.last));
    await this.#checkpoint.save(this.#position);
    await callbacks.onSave?.({ step, epoch: this.#epochOf(step), model: directory.last });
  }

  /** Not at an interruption, so that those that stay are the same with and without one. */
  async #keepCheckpoint(): Promise<void> {
    const { config, objective, directory } = this.#inputs;
    if (config.saveLimit === 0) return;
    const checkpoint = directory.checkpoint(this.#position.step);
    await this.#optimisation.averaged(() => objective.save(checkpoint));
    await directory.keepCheckpoints(config.saveLimit);
  }

  async #abort(): Promise<never> {
    await this.#save();
    const { directory } = this.#inputs;
    throw new StsError(
      "ABORTED",
      `The training was stopped after step ${this.#position.step}; its weights are in ${directory.last}.`,
    );
  }

  #epochOf(step: number): number {
    return Math.max(1, Math.ceil(step / this.#inputs.plan.stepsPerEpoch));
  }

  #outcome(): LoopOutcome<Metrics> {
    return {
      best: this.#best.best,
      steps: this.#position.step,
      skippedSteps: this.#optimisation.scaling?.skippedSteps ?? 0,
      examplesPerSecond: this.#throughput.perSecond,
    };
  }
}

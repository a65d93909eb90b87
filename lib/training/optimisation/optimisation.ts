import { StsError } from "../../foundation/errors.js";
import type { Parameters } from "../../models/parameters.js";
import { scope } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import { AdamW } from "./adamw.js";
import type { OptimisationConfig } from "../config.js";
import { GradScaler, type GradScalerState } from "./grad-scaler.js";
import { groupParameters } from "./parameter-groups.js";
import type { Plan } from "../loop/plan.js";
import { createSchedule, type Schedule } from "./schedule.js";
import { ema, swa, WeightAverage } from "./weight-average.js";

export type OptimisationState = {
  /** Steps that were not skipped. */
  updates: number;
  scaler: GradScalerState | null;
  averagedUpdates: number;
};

/** What turns gradients into new weights: scaling, clipping, AdamW, its schedule, the average. */
export class Optimisation implements Disposable {
  readonly #config: OptimisationConfig;
  readonly #optimizer: AdamW;
  readonly #schedule: Schedule;
  readonly #scaler: GradScaler | null;
  readonly #average: WeightAverage | null;
  readonly #averageFrom: number;
  #updates = 0;

  /** Lets all parameters but the frozen ones require gradients. */
  constructor(
    parameters: Parameters,
    frozen: ReadonlySet<string>,
    config: OptimisationConfig,
    plan: Plan,
  ) {
    const trained = new Map([...parameters].filter(([name]) => !frozen.has(name)));
    requireTrained(parameters, trained);
    for (const [name, tensor] of parameters) tensor.requiresGrad = trained.has(name);
    this.#config = config;
    this.#optimizer = new AdamW(groupParameters(parameters, config, frozen));
    this.#schedule = createSchedule(config.schedule, plan.warmupSteps, plan.steps);
    this.#scaler = config.precision === "fp16" ? new GradScaler() : null;
    const { average, emaDecay = 0.999, swaStart = 0.75 } = config;
    const rule = average === "ema" ? ema(emaDecay) : swa;
    this.#average = average === "none" ? null : new WeightAverage(trained, rule);
    this.#averageFrom = average === "swa" ? Math.floor(swaStart * plan.steps) : 0;
  }

  /** The learning rate of the next step, where no rule says otherwise. */
  get lr(): number {
    return this.#config.lr * this.#schedule(this.#updates);
  }

  /** What fp16 adds to the events. */
  get scaling(): { lossScale: number; skippedSteps: number } | undefined {
    const state = this.#scaler?.state;
    return state && { lossScale: state.scale, skippedSteps: state.skipped };
  }

  /** The loss to call `backward` on. */
  scaleLoss(loss: Tensor): Tensor {
    return this.#scaler?.scaleLoss(loss) ?? loss;
  }

  /**
   * Moves the weights by the gradients that were accumulated, and clears them.
   * @param loss of the step, and `step` its number, for the error
   * @returns the norm of the gradients; null where they overflowed and the step was skipped
   * @throws StsError `NOT_FINITE`
   */
  async update(loss: number, step: number): Promise<number | null> {
    const gradNorm = await this.#clip();
    if (gradNorm === null || !Number.isFinite(loss + gradNorm)) {
      if (!this.#scaler) throw notFinite(step, loss, gradNorm);
      this.#optimizer.zeroGrad();
      this.#scaler.update(false);
      return null;
    }
    await this.#optimizer.step(this.#schedule(this.#updates));
    this.#optimizer.zeroGrad();
    this.#scaler?.update(true);
    if (this.#updates >= this.#averageFrom) await this.#average?.update();
    this.#updates++;
    return gradNorm;
  }

  /**
   * Refuses weights that a save would put in the place of better ones.
   * @param step the last one, for the error
   * @throws StsError `NOT_FINITE`
   */
  async requireFinite(step: number): Promise<void> {
    if (await this.#optimizer.hasFiniteParameters()) return;
    throw new StsError(
      "NOT_FINITE",
      `Step ${step} made weights that are not finite. Lower the learning rate. What was saved ` +
        "before is intact.",
    );
  }

  /** Runs `body` with the averaged weights in place, where there is an average. */
  averaged<T>(body: () => Promise<T>): Promise<T> {
    return this.#average ? this.#average.applied(body) : body();
  }

  get state(): OptimisationState {
    return {
      updates: this.#updates,
      scaler: this.#scaler && { ...this.#scaler.state },
      averagedUpdates: this.#average?.updates ?? 0,
    };
  }

  restore({ updates, scaler, averagedUpdates }: OptimisationState): void {
    this.#updates = updates;
    if (scaler) this.#scaler?.restore(scaler);
    if (this.#average) this.#average.updates = averagedUpdates;
  }

  /** Everything that is a tensor of the state, by name. */
  tensors(): Map<string, Tensor> {
    return new Map([...this.#optimizer.state(), ...(this.#average?.state() ?? [])]);
  }

  [Symbol.dispose](): void {
    this.#optimizer.dispose();
    this.#average?.[Symbol.dispose]();
  }

  #clip(): Promise<number | null> {
    return scope(async () => {
      const isFinite = (await this.#scaler?.unscale(this.#optimizer.grads())) ?? true;
      return isFinite ? this.#optimizer.clipGradNorm(this.#config.maxGradNorm) : null;
    });
  }
}

function requireTrained(parameters: Parameters, trained: Parameters): void {
  if (trained.size > 0) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `freeze: all ${parameters.size} parameters are frozen; nothing is left to train.`,
  );
}

function notFinite(step: number, loss: number, gradNorm: number | null): StsError {
  return new StsError(
    "NOT_FINITE",
    `Step ${step}: the loss is ${loss} and the norm of the gradients ${gradNorm}. ` +
      "Lower the learning rate, or check the starting weights. What was saved before is intact.",
  );
}

import type { Parameters } from "../../models/parameters.js";
import { callInBackground } from "../../tensor/call.js";
import { noGrad, unscoped } from "../../tensor/context.js";
import { ops } from "../../tensor/ops.js";
import { scope } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";

/** The weight of the newest weights in the average, where `updates` were made before. */
export type AverageRule = (updates: number) => number;

/**
 * Exponential moving average: `decay` of the old and the rest of the new; at first the new alone.
 * @see Polyak and Juditsky (1992), "Acceleration of Stochastic Approximation by Averaging";
 *   torch.optim.swa_utils.get_ema_multi_avg_fn
 */
export const ema =
  (decay: number): AverageRule =>
  (updates) =>
    updates === 0 ? 1 : 1 - decay;

/**
 * The mean of all weights since the first update.
 * @see Izmailov et al. (2018), "Averaging Weights Leads to Wider Optima and Better Generalization";
 *   torch.optim.swa_utils.AveragedModel
 */
export const swa: AverageRule = (updates) => 1 / (updates + 1);

/** A second set of weights: an average of those that training goes through. */
export class WeightAverage implements Disposable {
  readonly #names: readonly string[];
  readonly #parameters: readonly Tensor[];
  readonly #averages: readonly Tensor[];
  /** How many weights are in the average. */
  updates = 0;

  /** @param parameters those that are trained */
  constructor(
    parameters: Parameters,
    readonly rule: AverageRule,
  ) {
    this.#names = [...parameters.keys()];
    this.#parameters = [...parameters.values()];
    this.#averages = unscoped(() => this.#parameters.map((tensor) => ops.zerosLike(tensor)));
  }

  /** Takes the present weights into the average. */
  async update(): Promise<void> {
    const weight = this.rule(this.updates);
    await noGrad(() =>
      callInBackground("aten::_foreach_lerp_.Scalar", this.#averages, this.#parameters, weight),
    );
    this.updates++;
  }

  /** Runs `body` with the average in the place of the weights, where there is one yet. */
  async applied<T>(body: () => Promise<T>): Promise<T> {
    if (this.updates === 0) return body();
    await this.#swap();
    try {
      return await body();
    } finally {
      await this.#swap();
    }
  }

  /** The average by what it is and the parameter's name: to save it, or to copy a saved one in. */
  state(): Map<string, Tensor> {
    return new Map(this.#names.map((name, i) => [`average.${name}`, this.#averages[i]!]));
  }

  [Symbol.dispose](): void {
    for (const tensor of this.#averages) tensor.dispose();
  }

  #swap(): Promise<void> {
    return noGrad(async () => {
      for (const [i, average] of this.#averages.entries()) {
        await scope(async () => {
          const parameter = this.#parameters[i]!;
          const copy = (await callInBackground("aten::clone", parameter)) as Tensor;
          await callInBackground("aten::copy_", parameter, average);
          await callInBackground("aten::copy_", average, copy);
        });
      }
    });
  }
}

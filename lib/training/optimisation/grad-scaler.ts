import { StsError } from "../../foundation/errors.js";
import { callInBackground } from "../../tensor/call.js";
import { noGrad } from "../../tensor/context.js";
import { ops } from "../../tensor/ops.js";
import { scope } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";

const growth = 2;
const backoff = 0.5;

/** Steps without an overflow after which a larger scale is tried. */
const growthInterval = 2000;

/** From 2^16 as many halvings reach 1, where scaling no longer helps. */
const mostSkippedInARow = 16;

export type GradScalerState = {
  scale: number;
  stepsSinceGrowth: number;
  skipped: number;
  skippedInARow: number;
};

/**
 * Dynamic loss scaling: small gradients vanish in float16, so the loss is multiplied before the
 * backward and the gradients are divided after it. Where that makes them overflow, the step is
 * skipped and the scale halved.
 * @see Micikevicius et al. (2018), "Mixed Precision Training"; torch.amp.GradScaler
 */
export class GradScaler {
  #state: GradScalerState = {
    scale: 2 ** 16,
    stepsSinceGrowth: 0,
    skipped: 0,
    skippedInARow: 0,
  };

  get state(): Readonly<GradScalerState> {
    return this.#state;
  }

  restore(state: GradScalerState): void {
    this.#state = { ...state };
  }

  /** The loss to call `backward` on. */
  scaleLoss(loss: Tensor): Tensor {
    return ops.scale(loss, this.#state.scale);
  }

  /**
   * Divides the gradients by the scale.
   * @returns whether all of them are finite, so that the step may be taken
   */
  unscale(grads: readonly Tensor[]): Promise<boolean> {
    return scope(() =>
      noGrad(async () => {
        const foundInfinite = ops.zeros([1]);
        await callInBackground(
          "aten::_amp_foreach_non_finite_check_and_unscale_",
          grads,
          foundInfinite,
          ops.scale(ops.ones([1]), 1 / this.#state.scale),
        );
        return foundInfinite.item() === 0;
      }),
    );
  }

  /**
   * Adapts the scale after a step.
   * @throws StsError `NOT_FINITE` after many skipped steps in a row
   */
  update(wasFinite: boolean): void {
    const { scale, stepsSinceGrowth, skipped, skippedInARow } = this.#state;
    if (!wasFinite) {
      if (skippedInARow + 1 > mostSkippedInARow) throw this.#hopeless();
      this.#state = {
        scale: scale * backoff,
        stepsSinceGrowth: 0,
        skipped: skipped + 1,
        skippedInARow: skippedInARow + 1,
      };
      return;
    }
    const grows = stepsSinceGrowth + 1 === growthInterval;
    this.#state = {
      scale: grows ? scale * growth : scale,
      stepsSinceGrowth: grows ? 0 : stepsSinceGrowth + 1,
      skipped,
      skippedInARow: 0,
    };
  }

  #hopeless(): StsError {
    return new StsError(
      "NOT_FINITE",
      `The gradients were not finite in ${this.#state.skippedInARow + 1} steps in a row, though the loss was ` +
        `scaled down to ${this.#state.scale} times itself. Train with --precision bf16 or fp32, or lower ` +
        "the learning rate; if that does not help, check the starting weights. What was saved before is intact.",
    );
  }
}

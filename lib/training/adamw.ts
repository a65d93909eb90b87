import { StsError } from "../foundation/errors.js";
import { callInBackground } from "../tensor/call.js";
import { noGrad, unscoped } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Parameters } from "../models/parameters.js";

export type AdamWOptions = {
  /** Of every parameter but biases and layer norms. */
  weightDecay: number;
  /** Decay rates of the running means of the gradient and of its square. */
  betas?: readonly [number, number];
  /** Added to the denominator. */
  eps?: number;
};

type Group = {
  weightDecay: number;
  parameters: Tensor[];
  /** Running means of the gradients and of their squares, like the parameters. */
  means: Tensor[];
  squares: Tensor[];
  /** Steps taken, a float32 scalar for each parameter, as the fused operator wants it. */
  steps: Tensor[];
};

/**
 * Adam with decoupled weight decay, fused over all parameters.
 * @see Loshchilov and Hutter (2019), "Decoupled Weight Decay Regularization"; torch.optim.AdamW
 */
export class AdamW implements Disposable {
  readonly #groups: readonly Group[];
  readonly #betas: readonly [number, number];
  readonly #eps: number;

  constructor(
    parameters: Parameters,
    { weightDecay, betas = [0.9, 0.999], eps = 1e-8 }: AdamWOptions,
  ) {
    this.#betas = betas;
    this.#eps = eps;
    const decays = (name: string) => !name.endsWith(".bias") && !name.includes("LayerNorm");
    const named = [...parameters];
    this.#groups = [
      group(
        named.filter(([name]) => decays(name)),
        weightDecay,
      ),
      group(
        named.filter(([name]) => !decays(name)),
        0,
      ),
    ].filter(({ parameters: { length } }) => length > 0);
  }

  /**
   * Scales all gradients together so that their joint 2-norm is at most `maxNorm`.
   * @returns the norm before
   * @see torch.nn.utils.clip_grad_norm_
   */
  clipGradNorm(maxNorm: number): Promise<number> {
    return scope(() =>
      noGrad(async () => {
        const grads = this.#groups.flatMap((group) => group.parameters.map(gradOf));
        const norms = (await callInBackground("aten::_foreach_norm.Scalar", grads, 2)) as Tensor[];
        const norm = ops.norm(ops.stack(norms)).item();
        const factor = maxNorm / (norm + 1e-6);
        if (factor < 1) await callInBackground("aten::_foreach_mul_.Scalar", grads, factor);
        return norm;
      }),
    );
  }

  /** Moves every parameter by its gradient. */
  step(lr: number): Promise<void> {
    return scope(() =>
      noGrad(async () => {
        for (const group of this.#groups) await this.#stepGroup(group, lr);
      }),
    );
  }

  /** Sets every gradient to none. */
  zeroGrad(): void {
    for (const { parameters } of this.#groups) ops.clearGrads(parameters);
  }

  dispose(): void {
    for (const { means, squares, steps } of this.#groups) {
      for (const tensor of [...means, ...squares, ...steps]) tensor.dispose();
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #stepGroup(group: Group, lr: number): Promise<void> {
    const { parameters, means, squares, steps, weightDecay } = group;
    const grads = parameters.map(gradOf);
    await callInBackground("aten::_foreach_add_.Scalar", steps, 1);
    await callInBackground(
      "aten::_fused_adamw_",
      parameters,
      grads,
      means,
      squares,
      [],
      steps,
      lr,
      ...this.#betas,
      weightDecay,
      this.#eps,
      false,
      false,
    );
  }
}

function group(named: readonly (readonly [string, Tensor])[], weightDecay: number): Group {
  const parameters = named.map(([, tensor]) => tensor);
  return unscoped(() => ({
    weightDecay,
    parameters,
    means: parameters.map((tensor) => ops.zerosLike(tensor)),
    squares: parameters.map((tensor) => ops.zerosLike(tensor)),
    steps: parameters.map(() => ops.zeros([])),
  }));
}

function gradOf(parameter: Tensor): Tensor {
  const grad = parameter.grad;
  if (!grad) throw new StsError("INTERNAL", "Backward has not reached every parameter.");
  return grad;
}

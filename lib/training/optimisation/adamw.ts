import { StsError } from "../../foundation/errors.js";
import { callInBackground } from "../../tensor/call.js";
import { addon, type NativeAdamWOptions } from "../../native/addon.js";
import { currentDevice, noGrad, unscoped } from "../../tensor/context.js";
import { ops } from "../../tensor/ops.js";
import { scope } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { ParameterGroup } from "./parameter-groups.js";

export type AdamWOptions = {
  /** Decay rates of the running means of the gradient and of its square. */
  betas?: readonly [number, number];
  /** Added to the denominator. */
  eps?: number;
};

type GroupState = ParameterGroup & {
  /** Running means of the gradients and of their squares, like the parameters. */
  means: Tensor[];
  squares: Tensor[];
  /** Steps taken, a float32 scalar for each parameter, as the fused operator wants it. */
  steps: Tensor[];
};

/**
 * Adam with decoupled weight decay, fused over the parameters of a group.
 * @see Loshchilov and Hutter (2019), "Decoupled Weight Decay Regularization"; torch.optim.AdamW
 */
export class AdamW implements Disposable {
  readonly #groups: readonly GroupState[];
  readonly #betas: readonly [number, number];
  readonly #eps: number;
  /** What the next step multiplies the gradients with, to clip them. */
  #gradientFactor = 1;

  constructor(
    groups: readonly ParameterGroup[],
    { betas = [0.9, 0.999], eps = 1e-8 }: AdamWOptions = {},
  ) {
    this.#betas = betas;
    this.#eps = eps;
    this.#groups = groups.map(withState);
  }

  /** The gradients of all parameters, which the backward must have reached. */
  grads(): Tensor[] {
    return this.#groups.flatMap(({ names, parameters }) =>
      parameters.map((parameter, i) => gradOf(names[i]!, parameter)),
    );
  }

  /**
   * Has the next step scale all gradients together so that their joint 2-norm is at most `maxNorm`.
   * @returns the norm before
   * @see torch.nn.utils.clip_grad_norm_
   */
  clipGradNorm(maxNorm: number): Promise<number> {
    return scope(() =>
      noGrad(async () => {
        const norm = await jointNorm(this.grads());
        this.#gradientFactor = Math.min(1, maxNorm / (norm + 1e-6));
        return norm;
      }),
    );
  }

  /**
   * Moves every parameter by its gradient.
   * @param share of each group's peak learning rate
   */
  step(share: number): Promise<void> {
    return scope(() =>
      noGrad(async () => {
        for (const group of this.#groups) await this.#stepGroup(group, group.lr * share);
      }),
    );
  }

  /** Whether no weight has become infinite or not a number. */
  hasFiniteParameters(): Promise<boolean> {
    return scope(() =>
      noGrad(async () => {
        const parameters = this.#groups.flatMap((group) => group.parameters);
        return Number.isFinite(await jointNorm(parameters));
      }),
    );
  }

  /** Sets every gradient to none. */
  zeroGrad(): void {
    this.#gradientFactor = 1;
    for (const { parameters } of this.#groups) ops.clearGrads(parameters);
  }

  /** The whole state by what it is and the parameter's name: to save it, or to copy a saved one in. */
  state(): Map<string, Tensor> {
    const entries = this.#groups.flatMap(({ names, means, squares, steps }) =>
      names.flatMap((name, i) => [
        [`mean.${name}`, means[i]!] as const,
        [`square.${name}`, squares[i]!] as const,
        [`steps.${name}`, steps[i]!] as const,
      ]),
    );
    return new Map(entries);
  }

  dispose(): void {
    for (const tensor of this.state().values()) tensor.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #stepGroup(group: GroupState, lr: number): Promise<void> {
    const { names, parameters, means, squares, steps, weightDecay } = group;
    const grads = parameters.map((parameter, i) => gradOf(names[i]!, parameter));
    await callInBackground("aten::_foreach_add_.Scalar", steps, 1);
    const tensors = [parameters, grads, means, squares, steps];
    const [beta1, beta2] = this.#betas;
    const gradientFactor = this.#gradientFactor;
    const options = { lr, beta1, beta2, weightDecay, eps: this.#eps, gradientFactor };
    await (currentDevice() === "cpu" ? stepOnCpu : stepOnDevice)(tensors, options);
  }
}

/** Lists of one length: parameters, gradients, means, squares and steps. */
type StepTensors = readonly (readonly Tensor[])[];

/** One pass over the memory; libtorch's own fused step needs another one to clip. */
function stepOnCpu(tensors: StepTensors, options: NativeAdamWOptions): Promise<void> {
  const [parameters, grads, means, squares, steps] = tensors.map((list) =>
    list.map(({ handle }) => handle),
  );
  return addon().adamWStep(parameters!, grads!, means!, squares!, steps!, options);
}

async function stepOnDevice(tensors: StepTensors, options: NativeAdamWOptions): Promise<void> {
  const [parameters, grads, means, squares, steps] = tensors;
  const { lr, beta1, beta2, weightDecay, eps, gradientFactor } = options;
  if (gradientFactor < 1) {
    await callInBackground("aten::_foreach_mul_.Scalar", grads, gradientFactor);
  }
  const state = [parameters!, grads!, means!, squares!, [], steps!];
  const settings = [lr, beta1, beta2, weightDecay, eps, false, false];
  await callInBackground("aten::_fused_adamw_", ...state, ...settings);
}

/** The 2-norm of all elements of all tensors. */
async function jointNorm(tensors: readonly Tensor[]): Promise<number> {
  const norms = (await callInBackground("aten::_foreach_norm.Scalar", tensors, 2)) as Tensor[];
  return ops.norm(ops.stack(norms)).item();
}

function withState(group: ParameterGroup): GroupState {
  return unscoped(() => ({
    ...group,
    means: group.parameters.map((tensor) => ops.zerosLike(tensor)),
    squares: group.parameters.map((tensor) => ops.zerosLike(tensor)),
    steps: group.parameters.map(() => ops.zeros([])),
  }));
}

function gradOf(name: string, parameter: Tensor): Tensor {
  const grad = parameter.grad;
  if (!grad) throw new StsError("INTERNAL", `The backward has not reached ${name}.`);
  return grad;
}

import { addon } from "../native/addon.js";
import type { DType } from "../native/dtype.js";
import { call } from "./call.js";
import type { Generator } from "./generator.js";
import type { Tensor } from "./tensor.js";

/**
 * Typed names for the operators that sts-native uses; each is the PyTorch function of that name.
 * Any other is a `call` away.
 */
const tensor = (...args: Parameters<typeof call>): Tensor => call(...args) as Tensor;

/** How a loss is reduced, as ATen numbers it. */
const reductions = { none: 0, mean: 1, sum: 2 } as const;
export type Reduction = keyof typeof reductions;

export const ops = {
  linear: (input: Tensor, weight: Tensor, bias: Tensor) =>
    tensor("aten::linear", input, weight, bias),
  tanh: (input: Tensor) => tensor("aten::tanh", input),
  gelu: (input: Tensor) => tensor("aten::gelu", input),
  indexSelect: (input: Tensor, dimension: number, index: Tensor) =>
    tensor("aten::index_select", input, dimension, index),
  squeeze: (input: Tensor, dimension: number) => tensor("aten::squeeze.dim", input, dimension),
  mul: (input: Tensor, other: Tensor) => tensor("aten::mul.Tensor", input, other),
  scale: (input: Tensor, factor: number) => tensor("aten::mul.Scalar", input, factor),
  to: (input: Tensor, dtype: DType) => tensor("aten::to.dtype", input, dtype),
  detach: (input: Tensor) => tensor("aten::detach", input),
  zeros: (shape: readonly number[], dtype: DType = "float32") =>
    tensor("aten::zeros", shape, dtype),
  ones: (shape: readonly number[], dtype: DType = "float32") => tensor("aten::ones", shape, dtype),
  stack: (inputs: readonly Tensor[]) => tensor("aten::stack", inputs),
  /** The 2-norm of all elements, a scalar. */
  norm: (input: Tensor) => tensor("aten::linalg_vector_norm", input),
  zerosLike: (input: Tensor) => tensor("aten::zeros_like", input),

  /** Sets gradients to none, so that the next backward writes them instead of adding. */
  clearGrads: (parameters: readonly Tensor[]): void =>
    addon().clearGrads(parameters.map((parameter) => parameter.handle)),

  /** Normally distributed numbers of mean 0 and the given standard deviation, drawn on float32. */
  normal: (shape: readonly number[], standardDeviation: number, generator: Generator) =>
    tensor("aten::normal.float_float", 0, standardDeviation, shape, generator),

  /**
   * Inverted dropout: elements are 0 with probability `p`, otherwise scaled by 1 / (1 - p).
   * The identity without a generator, as outside training.
   */
  dropout: (input: Tensor, p: number, generator: Generator | null) => {
    if (p === 0 || !generator) return input;
    const keep = tensor("aten::bernoulli.p", ops.detach(input), 1 - p, generator);
    return ops.mul(input, ops.scale(keep, p < 1 ? 1 / (1 - p) : 0));
  },

  l1Loss: (input: Tensor, target: Tensor, reduction: Reduction) =>
    tensor("aten::l1_loss", input, target, reductions[reduction]),
  mseLoss: (input: Tensor, target: Tensor, reduction: Reduction) =>
    tensor("aten::mse_loss", input, target, reductions[reduction]),
};

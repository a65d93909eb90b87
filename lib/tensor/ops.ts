import { addon } from "../native/addon.js";
import type { DType } from "../native/dtype.js";
import { call } from "./call.js";
import { currentDevice } from "./context.js";
import type { Generator } from "./generator.js";
import type { Tensor } from "./tensor.js";

/**
 * Typed names for the operators that sts-native uses; each is the PyTorch function of that name.
 * Any other is a `call` away.
 */
const tensor = (...args: Parameters<typeof call>): Tensor => call(...args) as Tensor;

/** How a loss is reduced, as ATen numbers it. */
export const reductions = { none: 0, mean: 1, sum: 2 } as const;
export type Reduction = keyof typeof reductions;

export const ops = {
  linear: (input: Tensor, weight: Tensor, bias: Tensor) =>
    tensor("aten::linear", input, weight, bias),
  tanh: (input: Tensor) => tensor("aten::tanh", input),
  gelu: (input: Tensor) => tensor("aten::gelu", input),
  relu: (input: Tensor) => tensor("aten::relu", input),
  indexSelect: (input: Tensor, dimension: number, index: Tensor) =>
    tensor("aten::index_select", input, dimension, index),
  indexCopy: (input: Tensor, dimension: number, index: Tensor, source: Tensor) =>
    tensor("aten::index_copy", input, dimension, index, source),
  reshape: (input: Tensor, shape: readonly number[]) => tensor("aten::reshape", input, shape),
  /** Reduces runs of rows, `lengths` (int64) rows each, to one row each. */
  segmentReduce: (input: Tensor, reduction: "mean" | "max", lengths: Tensor) =>
    tensor("aten::segment_reduce", input, reduction, lengths),
  squeeze: (input: Tensor, dimension: number) => tensor("aten::squeeze.dim", input, dimension),
  mul: (input: Tensor, other: Tensor) => tensor("aten::mul.Tensor", input, other),
  scale: (input: Tensor, factor: number) => tensor("aten::mul.Scalar", input, factor),
  to: (input: Tensor, dtype: DType) => tensor("aten::to.dtype", input, dtype),
  /** In float32, on the device of the running code; itself where it is so already. */
  toFloat32: (input: Tensor) => tensor("aten::to.device", input, currentDevice(), "float32"),
  detach: (input: Tensor) => tensor("aten::detach", input),
  zeros: (shape: readonly number[], dtype: DType = "float32") =>
    tensor("aten::zeros", shape, dtype, null, currentDevice()),
  ones: (shape: readonly number[], dtype: DType = "float32") =>
    tensor("aten::ones", shape, dtype, null, currentDevice()),
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
  huberLoss: (input: Tensor, target: Tensor, reduction: Reduction, delta: number) =>
    tensor("aten::huber_loss", input, target, reductions[reduction], delta),
  smoothL1Loss: (input: Tensor, target: Tensor, reduction: Reduction, beta: number) =>
    tensor("aten::smooth_l1_loss", input, target, reductions[reduction], beta),
  /** @param target probabilities of the input's shape */
  binaryCrossEntropyWithLogits: (input: Tensor, target: Tensor, reduction: Reduction) =>
    tensor(
      "aten::binary_cross_entropy_with_logits",
      input,
      target,
      null,
      null,
      reductions[reduction],
    ),
  /** @param target the right classes, int64 [batch], for an input [batch, classes] */
  crossEntropy: (input: Tensor, target: Tensor, reduction: Reduction) =>
    tensor("aten::cross_entropy_loss", input, target, null, reductions[reduction]),
  /** The Kullback-Leibler divergence of `target` from `input`, both logarithms of probabilities. */
  klDiv: (input: Tensor, target: Tensor, reduction: Reduction) =>
    tensor("aten::kl_div", input, target, reductions[reduction], true),

  add: (input: Tensor, other: Tensor) => tensor("aten::add.Tensor", input, other),
  addScalar: (input: Tensor, other: number) => tensor("aten::add.Scalar", input, other),
  sub: (input: Tensor, other: Tensor) => tensor("aten::sub.Tensor", input, other),
  div: (input: Tensor, other: Tensor) => tensor("aten::div.Tensor", input, other),
  divScalar: (input: Tensor, other: number) => tensor("aten::div.Scalar", input, other),
  matmul: (input: Tensor, other: Tensor) => tensor("aten::matmul", input, other),
  /** The transpose of a matrix. */
  t: (input: Tensor) => tensor("aten::t", input),
  abs: (input: Tensor) => tensor("aten::abs", input),
  /** To the nearest integer, halves to the even one. */
  round: (input: Tensor) => tensor("aten::round", input),
  sqrt: (input: Tensor) => tensor("aten::sqrt", input),
  square: (input: Tensor) => tensor("aten::square", input),
  sigmoid: (input: Tensor) => tensor("aten::sigmoid", input),
  softmax: (input: Tensor, dimension: number) => tensor("aten::softmax.int", input, dimension),
  logSoftmax: (input: Tensor, dimension: number) =>
    tensor("aten::log_softmax.int", input, dimension),
  logsumexp: (input: Tensor, dimension: number) => tensor("aten::logsumexp", input, [dimension]),
  clampMin: (input: Tensor, least: number) => tensor("aten::clamp_min", input, least),
  /** The mean of all elements, a scalar. */
  mean: (input: Tensor) => tensor("aten::mean", input),
  /** The sum of all elements, a scalar. */
  sum: (input: Tensor) => tensor("aten::sum", input),
  /** Sums over one dimension, which is dropped. */
  sumOver: (input: Tensor, dimension: number) =>
    tensor("aten::sum.dim_IntList", input, [dimension]),
  /** 2-norms along one dimension, which stays with size 1. */
  normOver: (input: Tensor, dimension: number) =>
    tensor("aten::linalg_vector_norm", input, 2, [dimension], true),

  unsqueeze: (input: Tensor, dimension: number) => tensor("aten::unsqueeze", input, dimension),
  flatten: (input: Tensor) => tensor("aten::flatten.using_ints", input),
  cat: (inputs: readonly Tensor[]) => tensor("aten::cat", inputs),
  narrow: (input: Tensor, dimension: number, start: number, length: number) =>
    tensor("aten::narrow", input, dimension, start, length),
  /** Zeros after the last element of the last dimension. */
  padEnd: (input: Tensor, count: number) => tensor("aten::constant_pad_nd", input, [0, count]),
  ge: (input: Tensor, least: number) => tensor("aten::ge.Scalar", input, least),
  lt: (input: Tensor, other: Tensor) => tensor("aten::lt.Tensor", input, other),
  /** The places of the elements that are not zero, int64 [count, dimensions]. */
  nonzero: (input: Tensor) => tensor("aten::nonzero", input),
  logicalNot: (input: Tensor) => tensor("aten::logical_not", input),
  maskedFill: (input: Tensor, mask: Tensor, value: number) =>
    tensor("aten::masked_fill.Scalar", input, mask, value),
};

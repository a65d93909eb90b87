import type { Tensor } from "../tensor/tensor.js";

/**
 * What training makes small.
 * @param scores a model's raw outputs, float32 [batch]
 * @param labels targets on the model's label scale, float32 [batch]
 * @returns the mean over the batch, a scalar
 */
export type Loss = (scores: Tensor, labels: Tensor) => Tensor;

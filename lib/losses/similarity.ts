import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";

// As in torch.cosine_similarity: below it a vector has no direction to speak of.
const leastNorm = 1e-8;

/** The vectors at length 1; a zero vector stays one. [batch, dimensions] */
export const unitVectors = (vectors: Tensor): Tensor =>
  ops.div(vectors, ops.clampMin(ops.normOver(vectors, 1), leastNorm));

/**
 * The cosines between vectors, row by row; 0 with a zero vector.
 * @param first [batch, dimensions]
 * @param second [batch, dimensions]
 * @returns -1 to 1: [batch]
 */
export const cosine = (first: Tensor, second: Tensor): Tensor =>
  ops.sumOver(ops.mul(unitVectors(first), unitVectors(second)), 1);

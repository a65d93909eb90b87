import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Loss } from "./loss.js";
import { pairwiseOrder } from "./pairwise-order.js";
import { embeddingsOf } from "./requirements.js";
import { unitVectors } from "./similarity.js";

/**
 * AnglE: `cosent` with a similarity whose gradient does not vanish where the cosine is near 1 or −1;
 * from 0. Meant to be used together with another loss, as in `angle + cosent`.
 * @param scale above 0, the inverse temperature
 * @see Li and Li (2024), "AoE: Angle-optimized Embeddings for Semantic Textual Similarity";
 * sentence-transformers' AnglELoss
 */
export const angle =
  (scale = 20): Loss =>
  (outputs, { labels }) => {
    const [first, second] = embeddingsOf(outputs, "angle");
    return pairwiseOrder(angleSimilarity(first, second), labels, scale);
  };

/**
 * The halves of a vector as the real and the imaginary parts of a complex one: |real + imaginary
 * part| of the product of one vector and the other's conjugate. [batch]
 */
function angleSimilarity(first: Tensor, second: Tensor): Tensor {
  const [a, b] = [evenUnitVectors(first), evenUnitVectors(second)];
  const half = a.shape[1]! / 2;
  const [realA, imaginaryA] = [ops.narrow(a, 1, 0, half), ops.narrow(a, 1, half, half)];
  const [realB, imaginaryB] = [ops.narrow(b, 1, 0, half), ops.narrow(b, 1, half, half)];
  const real = ops.sumOver(ops.mul(a, b), 1);
  const imaginary = ops.sub(ops.mul(imaginaryA, realB), ops.mul(realA, imaginaryB));
  return ops.abs(ops.add(real, ops.sumOver(imaginary, 1)));
}

function evenUnitVectors(vectors: Tensor): Tensor {
  const units = unitVectors(vectors);
  return vectors.shape[1]! % 2 === 0 ? units : ops.padEnd(units, 1);
}

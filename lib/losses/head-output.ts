import type { LabelRange } from "../data/pair.js";
import { autocast } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";

/** What a model's head puts out, which the loss decides. */
export type HeadOutput =
  /** The score itself. */
  | { type: "regression" }
  /** The log-odds of the greatest label against the least. */
  | { type: "probability" }
  /** Log-probabilities, up to a constant, of labels that lie evenly from the least to the greatest. */
  | { type: "buckets"; count: number };

/** How many numbers the head puts out for an example. */
export const outputsOf = (output: HeadOutput): number =>
  output.type === "buckets" ? output.count : 1;

/**
 * The scores that a head's outputs stand for. `regression` scores may lie outside of the range; the
 * others cannot.
 * @param logits [batch, outputs], outputs as in {@link outputsOf}
 * @returns on the label scale, not clamped: [batch]
 */
export function scoresOf(logits: Tensor, output: HeadOutput, range: LabelRange): Tensor {
  return scope(() => {
    if (output.type === "regression") return ops.squeeze(logits, 1);
    const shares =
      output.type === "probability"
        ? ops.sigmoid(ops.squeeze(logits, 1))
        : expectation(ops.softmax(logits, 1), evenlySpaced(output.count));
    return ops.addScalar(ops.scale(shares, range.max - range.min), range.min);
  });
}

/** In float32 also under autocast: labels are compared with scores of more than 8 bits. */
const expectation = (probabilities: Tensor, values: Tensor): Tensor =>
  autocast(null, () => ops.matmul(probabilities, values));

/** From 0 to 1, both included: [count] */
const evenlySpaced = (count: number): Tensor =>
  Tensor.from(Float32Array.from({ length: count }, (_, i) => i / (count - 1)));

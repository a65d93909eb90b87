import { invalidArgument } from "../foundation/errors.js";
import { callInBackground } from "../tensor/call.js";
import { reductions, type Reduction } from "../tensor/ops.js";
import { Tensor } from "../tensor/tensor.js";
import type { MaskedEncoding } from "../text/masking.js";

/** An input with hidden tokens; which they were is known to `MaskedEncoding`. */
export type MaskedInput = Pick<MaskedEncoding, "ids" | "typeIds" | "positions">;

/** The rows of a packed batch whose tokens are to be predicted, int64 [predictions]. */
export function maskedRows(
  examples: readonly MaskedInput[],
  cumulativeLengths: readonly number[],
): Tensor {
  const rows = examples.flatMap(({ ids, positions }, i) =>
    Array.from(positions, (position) => {
      if (position >= 0 && position < ids.length) return cumulativeLengths[i]! + position;
      throw invalidArgument(
        `examples[${i}].positions`,
        `places of its ${ids.length} tokens`,
        position,
      );
    }),
  );
  return Tensor.from(Int32Array.from(rows), [rows.length], "int64");
}

/** What stood at the masked positions, [predictions], each example in turn. */
export function targetsOf(examples: readonly MaskedEncoding[]): Int32Array {
  for (const [i, { positions, targets }] of examples.entries()) {
    if (targets.length === positions.length) continue;
    const expected = `one for each of its ${positions.length} positions`;
    throw invalidArgument(`examples[${i}].targets`, expected, targets.length);
  }
  return Int32Array.from(examples.flatMap(({ targets }) => [...targets]));
}

/**
 * The cross-entropy of predictions, on the background thread.
 * @param logits float32 [predictions, vocabSize]
 * @param targets [predictions]
 * @returns scalar
 */
export async function crossEntropy(
  logits: Tensor,
  targets: Int32Array,
  reduction: Reduction,
): Promise<Tensor> {
  const classes = Tensor.from(targets, [targets.length], "int64");
  const operator = "aten::cross_entropy_loss";
  return (await callInBackground(operator, logits, classes, null, reductions[reduction])) as Tensor;
}

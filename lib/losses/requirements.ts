import { StsError } from "../foundation/errors.js";
import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Outputs, Targets } from "./loss.js";

/** The labels with the range's least as 0 and its greatest as 1: [batch] */
export const shareOfRange = ({ labels, labelRange: { min, max } }: Targets): Tensor =>
  ops.divScalar(ops.addScalar(labels, -min), max - min);

/**
 * What a model's head put out: [batch, count]
 * @throws StsError `INVALID_ARGUMENT` when the model has no head or one of another size
 */
export function logitsOf({ logits }: Outputs, loss: string, count: number): Tensor {
  const actual = logits?.shape[1];
  if (logits && actual === count) return logits;
  const expected = `a model whose head has ${count} output${count === 1 ? "" : "s"}`;
  const found = actual === undefined ? "this model has no head" : `this one has ${actual}`;
  throw unsuitable(loss, `it needs ${expected}, but ${found}`);
}

/**
 * What a sentence encoder made of the first sentences, the second ones and so on: each
 * [batch, dimensions]
 * @throws StsError `INVALID_ARGUMENT` when the model is not a sentence encoder
 */
export function embeddingsOf(
  { embeddings }: Outputs,
  loss: string,
): [first: Tensor, second: Tensor, ...more: Tensor[]] {
  const [first, second, ...more] = embeddings;
  if (first && second) return [first, second, ...more];
  throw unsuitable(loss, "it needs the sentences' embeddings, which only a sentence encoder has");
}

const unsuitable = (loss: string, reason: string): StsError =>
  new StsError(
    "INVALID_ARGUMENT",
    `The loss ${JSON.stringify(loss)} does not fit the model: ${reason}. Choose another loss or another model.`,
  );

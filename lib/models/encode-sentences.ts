import { invalidArgument } from "../foundation/errors.js";
import { unitVectors } from "../losses/similarity.js";
import { noGrad } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { inBatches } from "./in-batches.js";
import type { Encoded } from "./pair-model.js";
import { predicting } from "./precision.js";
import type { SentenceEncoder } from "./sentence-encoder.js";

export type EncodeOptions = {
  /** Whether vectors are scaled to length 1; those of a model that does so itself always are. */
  normalize?: boolean;
  /**
   * How many of a vector's first numbers are kept, all when left out. Vectors are cut before
   * `normalize`, but after a model has scaled them itself, as in sentence-transformers.
   * @see Kusupati et al. (2022), "Matryoshka Representation Learning"
   */
  dimensions?: number | undefined;
  /** Sentences computed at a time. */
  batchSize?: number;
  signal?: AbortSignal | undefined;
};

/** What {@link SentenceEncoder.encode} does. */
export async function encodeSentences(
  model: SentenceEncoder,
  sentences: readonly string[] | string,
  { normalize = false, dimensions, batchSize = 32, signal }: EncodeOptions,
): Promise<Float32Array[]> {
  const { hiddenSize } = model.backbone.config;
  if (dimensions !== undefined) requireDimensions(dimensions, hiddenSize);
  const texts = requireSentences(sentences);
  const examples = await model.tokenize(
    texts.map((text) => [text]),
    signal,
  );
  const shape = (pooled: Tensor): Tensor => {
    const whole = model.settings.normalize ? unitVectors(pooled) : pooled;
    const cut = dimensions === undefined ? whole : ops.narrow(whole, 1, 0, dimensions);
    return normalize ? unitVectors(cut) : cut;
  };
  const options = { batchSize, signal, what: "The encoding" };
  return inBatches(examples, options, (batch) => embed(model, batch, shape));
}

const embed = (
  model: SentenceEncoder,
  examples: readonly Encoded[],
  shape: (pooled: Tensor) => Tensor,
): Promise<Float32Array[]> =>
  scope(() =>
    noGrad(async () => {
      const forward = () => model.forward(examples, null);
      const { embeddings } = await predicting(model.precision, forward);
      return rowsOf(shape(embeddings[0]!));
    }),
  );

/** The rows of a float32 matrix, each with memory of its own. */
export function rowsOf(matrix: Tensor): Float32Array[] {
  const [rows = 0, columns = 0] = matrix.shape;
  const data = matrix.toData() as Float32Array;
  return Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns));
}

function requireSentences(sentences: unknown): readonly string[] {
  const texts: unknown = typeof sentences === "string" ? [sentences] : sentences;
  if (!Array.isArray(texts)) throw invalidArgument("sentences", "an array of strings", sentences);
  const wrong = texts.findIndex((text) => typeof text !== "string");
  if (wrong < 0) return texts as string[];
  throw invalidArgument(`sentences[${wrong}]`, "a string", texts[wrong]);
}

function requireDimensions(value: number, limit: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= limit) return;
  throw invalidArgument("dimensions", `an integer from 1 to the model's ${limit}`, value);
}

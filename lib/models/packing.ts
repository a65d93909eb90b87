import { Tensor } from "../tensor/tensor.js";
import type { Encoding } from "../text/tokenizer.js";

/**
 * Sequences laid end to end without padding: sequence `i` is rows
 * `cumulativeLengths[i]` to `cumulativeLengths[i + 1]`.
 */
export type PackedBatch = {
  /** int64 [totalTokens] */
  inputIds: Tensor;
  /** int64 [totalTokens] */
  positionIds: Tensor;
  /** int64 [totalTokens] */
  tokenTypeIds: Tensor;
  /** int64 [sequences] */
  lengths: Tensor;
  /** [sequences + 1] */
  cumulativeLengths: readonly number[];
};

/**
 * Packs encoded sequences.
 * @param positionOffset the position of the first token: 0, or `pad_token_id + 1` in RoBERTa
 * @param typeVocabSize with 1 every token type is 0, whatever the tokenizer says
 */
export function pack(
  encodings: readonly Encoding[],
  positionOffset: number,
  typeVocabSize: number,
): PackedBatch {
  const cumulativeLengths = [0];
  for (const { ids } of encodings) cumulativeLengths.push(cumulativeLengths.at(-1)! + ids.length);
  const total = cumulativeLengths.at(-1)!;
  const inputIds = new Int32Array(total);
  const positionIds = new Int32Array(total);
  const tokenTypeIds = new Int32Array(total);
  encodings.forEach(({ ids, typeIds }, sequence) => {
    const begin = cumulativeLengths[sequence]!;
    inputIds.set(ids, begin);
    if (typeVocabSize > 1) tokenTypeIds.set(typeIds, begin);
    for (let i = 0; i < ids.length; i++) positionIds[begin + i] = positionOffset + i;
  });
  const long = (values: Int32Array) => Tensor.from(values, [values.length], "int64");
  return {
    inputIds: long(inputIds),
    positionIds: long(positionIds),
    tokenTypeIds: long(tokenTypeIds),
    lengths: long(Int32Array.from(encodings, ({ ids }) => ids.length)),
    cumulativeLengths,
  };
}

import type { MaskedEncoding } from "../../lib/text/masking.js";
import { encodingsOf, fixture, readValues, type Values } from "../support/fixtures.js";

export const maskedModels = ["bert", "roberta", "electra-small"];
export const maskedModel = (name: string): string => fixture("masked-language-models", name);

/** What transformers computes with a model. */
export const expectedOf = (name: string): Promise<Map<string, Values>> =>
  readValues(`${maskedModel(name)}/expected.safetensors`);

/** The batch of such a file. */
export function maskedBatch(expected: Map<string, Values>): MaskedEncoding[] {
  const numbers = (name: string) => expected.get(name)!.values;
  const borders = numbers("cumulative_predictions");
  return encodingsOf(expected).map(({ ids, typeIds }, i) => ({
    ids,
    typeIds,
    positions: Int32Array.from(numbers("positions").slice(borders[i], borders[i + 1])),
    targets: Int32Array.from(numbers("targets").slice(borders[i], borders[i + 1])),
  }));
}

/** The same padded, as transformers takes it. */
export function paddedBatch(batch: readonly MaskedEncoding[], padding: number) {
  const longest = Math.max(...batch.map(({ ids }) => ids.length));
  const pad = (row: ArrayLike<number>, filler: number) => [
    ...Array.from(row),
    ...Array<number>(longest - row.length).fill(filler),
  ];
  return {
    input_ids: batch.map(({ ids }) => pad(ids, padding)),
    token_type_ids: batch.map(({ typeIds }) => pad(typeIds, 0)),
    attention_mask: batch.map(({ ids }) =>
      pad(
        ids.map(() => 1),
        0,
      ),
    ),
    labels: batch.map(({ ids, positions, targets }) => {
      const labels = Array<number>(ids.length).fill(-100);
      positions.forEach((position, i) => (labels[position] = targets[i]!));
      return pad(labels, -100);
    }),
  };
}

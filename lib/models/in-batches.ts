import { throwIfAborted } from "../foundation/abort.js";
import { invalidArgument } from "../foundation/errors.js";
import type { Encoded } from "./pair-model.js";

export type BatchOptions = {
  /** Examples computed at a time. */
  batchSize: number;
  signal: AbortSignal | undefined;
  /** What is aborted, for the message. */
  what: string;
};

/**
 * Computes examples in batches of equal lengths, which keeps the memory that one needs small.
 * @returns what each example gives, in their order
 * @throws StsError `INVALID_ARGUMENT`, `ABORTED`
 */
export async function inBatches<T>(
  examples: readonly Encoded[],
  { batchSize, signal, what }: BatchOptions,
  compute: (batch: readonly Encoded[]) => Promise<readonly T[]>,
): Promise<T[]> {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw invalidArgument("batchSize", "a positive integer", batchSize);
  }
  const lengths = examples.map(tokensOf);
  const order = [...examples.keys()].sort((a, b) => lengths[b]! - lengths[a]!);
  const results = new Array<T>(examples.length);
  for (let begin = 0; begin < order.length; begin += batchSize) {
    throwIfAborted(signal, what);
    const indices = order.slice(begin, begin + batchSize);
    const batch = await compute(indices.map((index) => examples[index]!));
    indices.forEach((index, i) => (results[index] = batch[i]!));
  }
  return results;
}

/** Tokens of an example's inputs together. */
const tokensOf = (example: Encoded): number =>
  example.reduce((sum, { ids }) => sum + ids.length, 0);

import { invalidArgument } from "../foundation/errors.js";
import type { Random } from "./random.js";

/**
 * The indices 0 to `n` - 1 in batches; the last one holds what is left.
 * @param options.shuffle draws a new order; without it the order is that of the indices
 */
export function* batchIndices(
  n: number,
  batchSize: number,
  options: { shuffle?: Random } = {},
): Generator<number[]> {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw invalidArgument("batchSize", "a positive integer", batchSize);
  }
  const order = [...Array(n).keys()];
  options.shuffle?.shuffle(order);
  yield* chunks(order, batchSize);
}

/** Items `size` at a time, in their order; the last chunk holds what is left. */
export const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );

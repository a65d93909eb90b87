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
  for (let start = 0; start < n; start += batchSize) yield order.slice(start, start + batchSize);
}

import { setImmediate } from "node:timers/promises";
import { StsError } from "../foundation/errors.js";
import type { Encoding, Tokenizer } from "../text/tokenizer.js";

/** Two sentences. */
export type Pair = readonly [sentence1: string, sentence2: string];

/** Longest stretch of tokenising before other work gets its turn, in milliseconds. */
const slice = 10;

/** Tokenises pairs with their special tokens, cut to `maxLength` tokens. */
export async function encodePairs(
  tokenizer: Tokenizer,
  pairs: readonly Pair[],
  maxLength: number,
  signal?: AbortSignal,
): Promise<Encoding[]> {
  const encodings: Encoding[] = [];
  let sliceEnd = performance.now() + slice;
  for (const [sentence1, sentence2] of pairs) {
    encodings.push(tokenizer.encodePair(sentence1, sentence2, maxLength));
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    if (signal?.aborted) throw new StsError("ABORTED", "The tokenising was aborted.");
    sliceEnd = performance.now() + slice;
  }
  return encodings;
}

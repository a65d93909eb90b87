import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../foundation/abort.js";
import { invalidArgument } from "../foundation/errors.js";
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
  throwIfAborted(signal, "The tokenising");
  let sliceEnd = performance.now() + slice;
  for (const pair of pairs) {
    const [sentence1, sentence2] = requirePair(pair, encodings.length);
    encodings.push(tokenizer.encodePair(sentence1, sentence2, maxLength));
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    throwIfAborted(signal, "The tokenising");
    sliceEnd = performance.now() + slice;
  }
  return encodings;
}

/** JavaScript callers may pass anything; two characters of a text must not pass for sentences. */
function requirePair(pair: unknown, index: number): Pair {
  const isPair =
    Array.isArray(pair) && pair.length === 2 && pair.every((item) => typeof item === "string");
  if (isPair) return pair as unknown as Pair;
  throw invalidArgument(`pairs[${index}]`, "an array of two sentences", pair);
}

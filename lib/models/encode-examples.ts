import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../foundation/abort.js";
import { invalidArgument } from "../foundation/errors.js";
import type { Encoded } from "./pair-model.js";

/** Longest stretch of tokenising before other work gets its turn, in milliseconds. */
const slice = 10;

/** Tokenises examples one by one, leaving the event loop free in between. */
export async function encodeExamples(
  examples: readonly (readonly string[])[],
  signal: AbortSignal | undefined,
  encode: (texts: readonly string[], index: number) => Encoded,
): Promise<Encoded[]> {
  const encoded: Encoded[] = [];
  throwIfAborted(signal, "The tokenising");
  let sliceEnd = performance.now() + slice;
  for (const texts of examples) {
    encoded.push(encode(requireTexts(texts, encoded.length), encoded.length));
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    throwIfAborted(signal, "The tokenising");
    sliceEnd = performance.now() + slice;
  }
  return encoded;
}

/** JavaScript callers may pass anything; two characters of a text must not pass for sentences. */
function requireTexts(texts: unknown, index: number): readonly string[] {
  if (Array.isArray(texts) && texts.every((text) => typeof text === "string")) return texts;
  throw invalidArgument(`pairs[${index}]`, "an array of two sentences", texts);
}

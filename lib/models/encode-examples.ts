import { throwIfAborted } from "../foundation/abort.js";
import { invalidArgument } from "../foundation/errors.js";
import { TimeSlice } from "../foundation/time-slice.js";
import type { Encoded } from "./pair-model.js";

/** Tokenises examples one by one, leaving the event loop free in between. */
export async function encodeExamples(
  examples: readonly (readonly string[])[],
  signal: AbortSignal | undefined,
  encode: (texts: readonly string[], index: number) => Encoded,
): Promise<Encoded[]> {
  const encoded: Encoded[] = [];
  throwIfAborted(signal, "The tokenising");
  const slice = new TimeSlice(signal, "The tokenising");
  for (const texts of examples) {
    encoded.push(encode(requireTexts(texts, encoded.length), encoded.length));
    if (slice.isOver) await slice.rest();
  }
  return encoded;
}

/** JavaScript callers may pass anything; two characters of a text must not pass for sentences. */
function requireTexts(texts: unknown, index: number): readonly string[] {
  if (Array.isArray(texts) && texts.every((text) => typeof text === "string")) return texts;
  throw invalidArgument(`pairs[${index}]`, "an array of two sentences", texts);
}

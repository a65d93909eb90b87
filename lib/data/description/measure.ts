import type { TimeSlice } from "../../foundation/time-slice.js";
import type { ModelTokenizer } from "../../text/model-tokenizer.js";
import { countGraphemes } from "./graphemes.js";

/** Lengths of sentences, by their number. */
export type Measures = {
  characters: Int32Array;
  /** Without special tokens; null where there is no tokenizer. */
  tokens: Int32Array | null;
  unknown: Int32Array | null;
};

/** How far measuring has come, in different sentences. */
export type OnMeasured = (done: number, total: number) => void;

/** Between two calls of `onMeasured`. */
const reported = 1024;

export async function measure(
  sentences: readonly string[],
  model: ModelTokenizer | undefined,
  slice: TimeSlice,
  onMeasured: OnMeasured = () => undefined,
): Promise<Measures> {
  const counts = () => new Int32Array(sentences.length);
  const measures: Measures = {
    characters: counts(),
    tokens: model ? counts() : null,
    unknown: model ? counts() : null,
  };
  for (const [number, sentence] of sentences.entries()) {
    measures.characters[number] = countGraphemes(sentence);
    if (model) {
      const { tokens, unknown } = countTokens(model, sentence);
      measures.tokens![number] = tokens;
      measures.unknown![number] = unknown;
    }
    if (slice.isOver) await slice.rest();
    if (number % reported === 0) onMeasured(number, sentences.length);
  }
  return measures;
}

function countTokens({ tokenizer, read }: ModelTokenizer, sentence: string) {
  const { ids } = tokenizer.encode(read(sentence), Number.MAX_SAFE_INTEGER);
  const { unknownId, specialTokens } = tokenizer;
  const unknown = unknownId === null ? 0 : ids.filter((id) => id === unknownId).length;
  return { tokens: ids.length - specialTokens.single, unknown };
}

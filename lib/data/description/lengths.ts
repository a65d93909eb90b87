import type { DataRow } from "./data-file.js";
import type { LengthDescription, LengthLimit, TokenDescription } from "./description.js";
import type { ModelTokenizer } from "../../text/model-tokenizer.js";
import { lengthsOf } from "./statistics.js";

/** Limits that are usual, in tokens. */
const usualLimits = [32, 64, 128, 256, 512];

/**
 * @param lengths of sentences, by their number
 * @param between tokens that are added to a pair
 * @returns null where there are no pairs
 */
export function describeLengths(
  pairs: readonly DataRow[],
  lengths: Int32Array,
  between = 0,
): LengthDescription | null {
  const sentences = new Int32Array(2 * pairs.length);
  const both = new Int32Array(pairs.length);
  for (const [i, { first, second }] of pairs.entries()) {
    sentences[2 * i] = lengths[first]!;
    sentences[2 * i + 1] = lengths[second]!;
    both[i] = lengths[first]! + lengths[second]! + between;
  }
  const [sentence, pair] = [lengthsOf(sentences), lengthsOf(both)];
  return sentence && pair && { sentence, pair };
}

/**
 * @param tokens of sentences, by their number, without special tokens
 * @param unknown tokens among them
 * @param asked a limit that is listed too
 * @returns null where there are no pairs
 */
export function describeTokens(
  pairs: readonly DataRow[],
  { tokens, unknown }: { tokens: Int32Array; unknown: Int32Array },
  model: ModelTokenizer,
  asked: number | undefined,
): TokenDescription | null {
  const { single, pair } = model.tokenizer.specialTokens;
  const lengths = describeLengths(pairs, tokens, pair);
  if (lengths === null) return null;
  const limits = limitsOf(model.maxLength, asked);
  const unknowns = { tokens: 0, pairs: 0 };
  let all = 0;
  for (const { first, second } of pairs) {
    const [a, b] = [tokens[first]!, tokens[second]!];
    for (const limit of limits) {
      if (a + b + pair > limit.maxLength) limit.pairs++;
      if (Math.max(a, b) + single > limit.maxLength) limit.pairsBySentence++;
    }
    all += a + b;
    const count = unknown[first]! + unknown[second]!;
    unknowns.tokens += count;
    if (count > 0) unknowns.pairs++;
  }
  const share = all === 0 ? 0 : unknowns.tokens / all;
  return { ...lengths, limits, unknown: { ...unknowns, share } };
}

/** Limits of which nothing is counted yet. */
function limitsOf(model: number | null, asked: number | undefined): LengthLimit[] {
  const known = new Set([...usualLimits, ...(model === null ? [] : [model])]);
  if (asked !== undefined) known.add(asked);
  return [...known]
    .sort((a, b) => a - b)
    .map((maxLength) => ({
      maxLength,
      of: [
        ...(maxLength === model ? (["model"] as const) : []),
        ...(maxLength === asked ? (["asked"] as const) : []),
      ],
      pairs: 0,
      pairsBySentence: 0,
    }));
}

import type { Tokenizer } from "../tokenizer.js";

/** What a tokenizer makes of a placeholder: how many tokens, and whether one of them is unknown. */
export type PlaceholderTokens = { placeholder: string; tokens: number; unknown: boolean };

/** @param placeholder such as `<PERSON>` */
export function placeholderTokens(tokenizer: Tokenizer, placeholder: string): PlaceholderTokens {
  const { unknownId, specialTokens } = tokenizer;
  const { ids } = tokenizer.encode(placeholder, Number.MAX_SAFE_INTEGER);
  const unknown = unknownId !== null && ids.includes(unknownId);
  return { placeholder, tokens: ids.length - specialTokens.single, unknown };
}

/** Whether a model can learn something of the placeholder as a whole. */
export const isOneToken = ({ tokens, unknown }: PlaceholderTokens): boolean =>
  tokens === 1 && !unknown;

/** `<PERSON> (5 tokens)` */
export const describeTokens = ({ placeholder, tokens, unknown }: PlaceholderTokens): string =>
  `${placeholder} (${unknown ? "not known" : `${tokens} tokens`})`;

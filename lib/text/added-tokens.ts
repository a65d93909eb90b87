import { z } from "zod";

import { WORD } from "./character-classes.js";
import type { Normalize } from "./normalizers.js";

/** A token that is found in the text as it stands, before words are split. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
}

/** `added_tokens` of tokenizer.json. */
export const addedTokensSchema = z.array(
  z
    .looseObject({
      id: z.int().min(0).max(0x7fffffff),
      content: z.string().min(1),
      special: z.boolean().default(false),
      single_word: z.boolean().default(false),
      lstrip: z.boolean().default(false),
      rstrip: z.boolean().default(false),
      normalized: z.boolean().optional(),
    })
    .transform((token) => ({ ...token, normalized: token.normalized ?? !token.special })),
);

/** Text cut at added tokens: the tokens' ids, and the text between them. */
export type SplitAtTokens = (text: string) => readonly (string | number)[];

const endsInWord = new RegExp(`${WORD}$`, "v");
const startsWithWord = new RegExp(`^${WORD}`, "v");

/**
 * Finds added tokens as `tokenizers` does: the leftmost, of several the longest, with the spaces
 * beside those that strip them, and whole words only of those that must be words.
 * @param normalize what the text went through before it gets here; the tokens go through it too
 */
export function createTokenSplitter(
  tokens: readonly AddedToken[],
  normalize: Normalize,
): SplitAtTokens {
  const byContent = new Map(tokens.map((token) => [normalize(token.content), token]));
  byContent.delete("");
  if (byContent.size === 0) return (text) => (text === "" ? [] : [text]);
  const longestFirst = [...byContent.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escape).join("|"), "gu");

  return (text) => {
    const sections: (string | number)[] = [];
    let done = 0;
    for (const match of text.matchAll(pattern)) {
      const token = byContent.get(match[0])!;
      let start = match.index;
      let end = start + match[0].length;
      if (start < done || (token.single_word && !isWholeWord(text, start, end))) continue;
      if (token.lstrip) while (start > done && isSpace(text, start - 1)) start -= 1;
      if (token.rstrip) while (isSpace(text, end)) end += 1;
      if (start > done) sections.push(text.slice(done, start));
      sections.push(token.id);
      done = end;
    }
    if (done < text.length) sections.push(text.slice(done));
    return sections;
  };
}

function isWholeWord(text: string, start: number, end: number): boolean {
  // A character outside the BMP is two code units.
  return (
    !endsInWord.test(text.slice(Math.max(0, start - 2), start)) &&
    !startsWithWord.test(text.slice(end, end + 2))
  );
}

function isSpace(text: string, index: number): boolean {
  return /\p{White_Space}/u.test(text.charAt(index));
}

function escape(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

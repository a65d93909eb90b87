/**
 * What a reader takes for one character, for regular expressions with the flag `v`. What is an emoji,
 * a letter or a mark is as new as the Unicode of the Node.js that runs.
 */

const MODIFIED = String.raw`(?:\p{Emoji_Modifier}|\uFE0F|[\u{E0020}-\u{E007E}]+\u{E007F})?`;

/** ♥ and ☎ are emoji too, but digits, # and * only in keycaps. */
const ELEMENT = String.raw`(?:\p{RI}\p{RI}|[\p{Emoji}--[0-9#*\p{RI}]]${MODIFIED})`;

/**
 * An emoji with all that belongs to it: skin tones, joined ones such as families, flags, keycaps,
 * half a flag, and the marks that stand on it.
 * @see Unicode Technical Standard #51, "Unicode Emoji", section 1.4.9
 */
const EMOJI = String.raw`(?:[0-9#*]\uFE0F?\u20E3|${ELEMENT}(?:\u200D${ELEMENT})*|\p{RI})[\p{M}\u200D]*`;

/** A syllable, also of conjoining jamo: ᄏᄏ are two. The fillers show nothing and begin none. */
const SYLLABLE = String.raw`[\u1100-\u115E\uA960-\uA97C\uAC00-\uD7A3][\u1161-\u11FF\uD7B0-\uD7FB]*\p{M}*`;

/** Joiners shape the letters of some scripts. */
const LETTER = String.raw`\p{L}[\p{M}\u200C\u200D]*`;

const unit = new RegExp(String.raw`${EMOJI}|${SYLLABLE}|${LETTER}|[^]\p{M}*`, "gv");

const emoji = new RegExp(`^${EMOJI}$`, "v");

/** Cuts a text into what a reader takes for one character each: with its marks, an emoji whole. */
export const unitsOf = (text: string): string[] => text.match(unit) ?? [];

export const isEmoji = (unit: string): boolean => emoji.test(unit);

/** The kinds of characters that can be kept: general categories of Unicode, without what is invisible. */
export const characterKinds = {
  letters: String.raw`[\p{L}--\p{Default_Ignorable_Code_Point}]`,
  numbers: String.raw`\p{N}`,
  punctuation: String.raw`\p{P}`,
  symbols: String.raw`\p{S}`,
} as const;

export type CharacterKind = keyof typeof characterKinds;

/** Whether a unit begins with a character of one of these kinds. */
export function ofKinds(kinds: readonly CharacterKind[]): (unit: string) => boolean {
  // Of no kinds at all is nothing.
  const pattern = new RegExp(`^[${kinds.map((kind) => characterKinds[kind]).join("")}]`, "v");
  return (text) => pattern.test(text);
}

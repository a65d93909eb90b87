import { z } from "zod";

import { corrupt, readPart } from "./tokenizer-json.js";

/** Texts in which every character is a grapheme of its own. */
const SIMPLE =
  /^[\t\n\x20-\x7E\xA0-\u02FF\u2010-\u2027\u2030-\u205E\u2190-\u27BF\u3000-\u3029\u3030-\u3098\u309B-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF9D]*$/;

/** Code units that are cut into graphemes at a time: the time that it takes grows with their square. */
const WINDOW = 256;

/** Longest grapheme, in bytes of UTF-8, that is looked up as a whole. */
const LONGEST_GRAPHEME = 5;

/**
 * SentencePiece's normalizer from its compiled character map: a double-array trie of UTF-8 sequences
 * that points into a list of replacements. `@huggingface/tokenizers` approximates it with NFKC.
 * @see https://github.com/google/sentencepiece/blob/master/doc/normalization.md
 */
export function precompiledNormalizer(value: unknown, where: string): (text: string) => string {
  const schema = z.looseObject({ precompiled_charsmap: z.base64().nullable() });
  const { precompiled_charsmap: base64 } = readPart(schema, value, where);
  if (base64 === null || base64 === "") return (text) => text;
  const map = new CharacterMap(Buffer.from(base64, "base64"), `${where}.precompiled_charsmap`);

  return (text) => {
    if (SIMPLE.test(text)) return map.replaceCharacters(text);
    let normalized = "";
    for (const grapheme of graphemesOf(text)) {
      const whole =
        grapheme.length <= LONGEST_GRAPHEME && Buffer.byteLength(grapheme) <= LONGEST_GRAPHEME
          ? map.lookUp(grapheme)
          : undefined;
      normalized += whole ?? map.replaceCharacters(grapheme);
    }
    return normalized;
  };
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function* graphemesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    // Not between the halves of a surrogate pair.
    const end = start + WINDOW + (text.charCodeAt(start + WINDOW - 1) >> 10 === 0x36 ? 1 : 0);
    const graphemes = Array.from(segmenter.segment(text.slice(start, end)), (g) => g.segment);
    // The last may go on beyond the window.
    if (end < text.length && graphemes.length > 1) graphemes.pop();
    for (const grapheme of graphemes) {
      yield grapheme;
      start += grapheme.length;
    }
  }
}

class CharacterMap {
  readonly #trie: Uint32Array;
  readonly #replacements: Buffer;
  readonly #known = new Map<string, string>();

  constructor(bytes: Buffer, where: string) {
    const trieBytes = bytes.length >= 4 ? bytes.readUInt32LE(0) : -1;
    if (trieBytes < 4 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
      throw corrupt(`${where}: its size does not fit its trie`);
    }
    this.#trie = new Uint32Array(trieBytes / 4);
    for (let unit = 0; unit < this.#trie.length; unit += 1) {
      this.#trie[unit] = bytes.readUInt32LE(4 + 4 * unit);
    }
    this.#replacements = bytes.subarray(4 + trieBytes);
  }

  replaceCharacters(text: string): string {
    let replaced = "";
    for (const character of text) {
      let replacement = this.#known.get(character);
      if (replacement === undefined) {
        replacement = this.lookUp(character) ?? character;
        this.#known.set(character, replacement);
      }
      replaced += replacement;
    }
    return replaced;
  }

  /** The replacement of the shortest entry that `text` begins with, as `tokenizers` has it. */
  lookUp(text: string): string | undefined {
    const trie = this.#trie;
    let node = offset(trie[0]!);
    for (const byte of Buffer.from(text)) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = trie[node];
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined;
      node ^= offset(unit);
      if ((unit >>> 8) & 1) return this.#replacementAt((trie[node] ?? 0) & 0x7fffffff);
    }
    return undefined;
  }

  #replacementAt(start: number): string {
    const end = this.#replacements.indexOf(0, start);
    return this.#replacements.toString("utf8", start, end < 0 ? undefined : end);
  }
}

/** Where the children of a unit of the double array begin, relative to the unit. */
function offset(unit: number): number {
  return ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
}

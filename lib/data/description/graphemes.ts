const segmenter = new Intl.Segmenter("ko", { granularity: "grapheme" });

/**
 * Text that is one character after another: ASCII but CR, Latin, punctuation, kana, Hangul syllables
 * and compatibility letters, Han characters, fullwidth forms. Nothing of it combines.
 */
const plain =
  /^[\t\n\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u3000-\u3029\u3030-\u3096\u30a0-\u30ff\u3131-\u318e\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/;

export const isPlain = (text: string): boolean => plain.test(text);

/**
 * Characters as people see them: an emoji of several code points is one, and so is a syllable of
 * Hangul however it is written.
 * @see Unicode Standard Annex #29, extended grapheme clusters
 */
export function countGraphemes(text: string): number {
  // Segmenting takes many times as long.
  return isPlain(text) ? text.length : [...segmenter.segment(text)].length;
}

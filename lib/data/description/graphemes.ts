const segmenter = new Intl.Segmenter("ko", { granularity: "grapheme" });

/**
 * Text that is one character after another: ASCII but CR, Latin, punctuation, kana, Hangul syllables
 * and compatibility letters, Han characters, fullwidth forms. Nothing of it combines.
 */
const plain =
  /^[\t\n\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u3000-\u3029\u3030-\u3096\u30a0-\u30ff\u3131-\u318e\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/;

export const isPlain = (text: string): boolean => plain.test(text);

/** As many UTF-16 code units are segmented at a time, unless a character has more of them. */
const stretch = 1024;

/**
 * Characters as people see them: an emoji of several code points is one, and so is a syllable of
 * Hangul however it is written.
 * @see Unicode Standard Annex #29, extended grapheme clusters
 */
export function countGraphemes(text: string): number {
  // Segmenting takes many times as long.
  if (isPlain(text)) return text.length;
  let [count, start, size] = [0, 0, stretch];
  // By stretches, since segmenting takes a time that grows with the square of a text's length.
  while (start + size < text.length) {
    const segments = [...segmenter.segment(wholeCharacters(text, start, start + size))];
    // The last one may go on after the stretch.
    const { index } = segments.at(-1)!;
    count += segments.length - 1;
    start += index;
    size = index === 0 ? 2 * size : stretch;
  }
  return count + [...segmenter.segment(text.slice(start))].length;
}

/** A part of a text that does not end within a surrogate pair. */
function wholeCharacters(text: string, start: number, end: number): string {
  const isSplit = /[\ud800-\udbff]/.test(text[end - 1]!);
  return text.slice(start, isSplit ? end - 1 : end);
}

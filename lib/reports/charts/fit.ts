/**
 * A text cut to what it may take up, with an ellipsis where something is missing. Nothing is known of
 * the reader's font, so widths are those of a wide one.
 * @param room in pixels
 * @param size of the font, in pixels
 */
export function fit(text: string, room: number, size: number): string {
  const letters = Array.from(text);
  const most = room / size;
  if (widthOf(letters) <= most) return text;
  let [width, kept] = [widthOf(["…"]), 0];
  while (kept < letters.length && width + letterWidth(letters[kept]!) <= most) {
    width += letterWidth(letters[kept++]!);
  }
  return `${letters.slice(0, kept).join("").trimEnd()}…`;
}

const widthOf = (letters: readonly string[]): number =>
  letters.reduce((sum, letter) => sum + letterWidth(letter), 0);

/** In units of the font's size. */
function letterWidth(letter: string): number {
  if (/[ijlI.,:;'|!()[\] ft/-]/.test(letter)) return 0.4;
  if (/[mwMW@%…]/.test(letter)) return 1;
  if (/[<>=+~#&A-Z]/.test(letter)) return 0.84;
  // Latin, Greek, Cyrillic and the like; what comes later is mostly of full width.
  return letter < "\u1100" ? 0.64 : 1;
}

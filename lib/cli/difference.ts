import { isVisible } from "../text/visible.js";
import { unitsOf } from "../text/cleaning/units.js";

/** A stretch of a text, and whether the other text has it too. */
export type Stretch = { text: string; isShared: boolean };

/** Beyond so many comparisons, a text is taken to have been replaced. */
const mostComparisons = 4_000_000;

/**
 * Two texts as stretches that both have and stretches that only one has, with as much shared as can
 * be. What a reader takes for one character is never cut.
 */
export function difference(first: string, second: string): [Stretch[], Stretch[]] {
  const [a, b] = [unitsOf(first), unitsOf(second)];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const shared = commonUnits(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const mark = (units: string[], kept: readonly boolean[]): Stretch[] =>
    stretchesOf(units, (i) => i < start || i >= units.length - end || kept[i - start]!);
  return [mark(a, shared[0]), mark(b, shared[1])];
}

/** Which units of each belong to a longest common subsequence. */
function commonUnits(a: readonly string[], b: readonly string[]): [boolean[], boolean[]] {
  const inA = a.map(() => false);
  const inB = b.map(() => false);
  if (a.length * b.length > mostComparisons) return [inA, inB];
  const width = b.length + 1;
  // How long that of the rest is, from each place of both.
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] =
        a[i] === b[j]
          ? lengths[at + width + 1]! + 1
          : Math.max(lengths[at + width]!, lengths[at + 1]!);
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const at = i * width + j;
    if (a[i] === b[j]) inA[i++] = inB[j++] = true;
    else if (lengths[at + width]! >= lengths[at + 1]!) i++;
    else j++;
  }
  return [inA, inB];
}

function stretchesOf(units: readonly string[], isShared: (i: number) => boolean): Stretch[] {
  const stretches: Stretch[] = [];
  units.forEach((text, i) => {
    const last = stretches.at(-1);
    if (last?.isShared === isShared(i)) last.text += text;
    else stretches.push({ text, isShared: isShared(i) });
  });
  return stretches;
}

/** What shows nothing, and what a terminal would act on, as its code points: `\u{200b}`. */
export const visibly = (text: string): string =>
  unitsOf(text)
    .map((unit) =>
      unit === " " || (isVisible(unit) && !/\p{Cc}/u.test(unit)) ? unit : escaped(unit),
    )
    .join("");

const escaped = (unit: string): string =>
  Array.from(unit, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`).join("");

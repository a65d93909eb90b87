/** The sentences of a pair. */
type Texts = { sentence1: string; sentence2: string };

/** Pairs on which a model is measured, and those that it is trained on. */
export type Division = { heldOut: readonly Texts[]; train: readonly Texts[] };

/** What is to be said where held-out pairs are trained on too; one sentence at most. */
export function copyWarnings(divisions: readonly Division[]): string[] {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const copies = sum(divisions.map(countCopies));
  if (copies === 0) return [];
  const heldOut = sum(divisions.map((division) => division.heldOut.length));
  return [
    `${copies} of ${heldOut} held-out pairs are also trained on, as they are in the data more than ` +
      "once: figures on them are too good. Divide the data first, then oversample what is trained on.",
  ];
}

/** How many held-out pairs are trained on too, in either order of their sentences. */
export function countCopies({ heldOut, train }: Division): number {
  const known = new Set(train.map(keyOf));
  return heldOut.filter((pair) => known.has(keyOf(pair))).length;
}

/** The same for both orders. No sentence holds a NUL. */
const keyOf = ({ sentence1, sentence2 }: Texts): string =>
  sentence1 < sentence2 ? `${sentence1}\0${sentence2}` : `${sentence2}\0${sentence1}`;

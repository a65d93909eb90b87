import type {
  Conflict,
  DataDescription,
  FileDescription,
  Found,
  Leakage,
  LengthRatio,
  PairExample,
  Place,
  Repetition,
} from "../data/description/description.js";
import { nameText, short } from "./eda-columns.js";
import { count, counted, cut } from "./format.js";

/** As wide is a sentence shown, in columns of a terminal. */
const sentenceWidth = 48;

/**
 * Where what was found is, a paragraph for each kind. What was not found is left out.
 * @param examples as many rows that cannot be used are shown
 */
export function reportFindings(
  { files, all, leakage }: DataDescription,
  examples: number,
): string[] {
  const { duplicates, lengthRatios } = all.pairs;
  const repeated = (title: string, repetitions: Found<Repetition>) =>
    found(title, repetitions, describeRepetition);
  return [
    badRowsOf(files, examples),
    ...files.flatMap(missingIn),
    ...files.map(violationsIn),
    found("Pairs with several labels", duplicates.conflicts, describeConflict),
    repeated("Rows that repeat a whole row", duplicates.identicalRows),
    repeated("Rows that repeat a pair", duplicates.identicalPairs),
    repeated("Rows that repeat a pair, swapped", duplicates.swappedPairs),
    found("Pairs of a sentence and itself", duplicates.identicalSentences, describePair),
    ...leakage.map(describeLeakage),
    ratios("Pairs of the most different lengths", lengthRatios.mostDissimilar),
    ratios("Pairs of the most similar lengths", lengthRatios.mostSimilar),
  ].filter((paragraph) => paragraph !== "");
}

/** A paragraph of examples, or nothing where there is nothing. */
export function found<Example>(
  title: string,
  { count: all, examples }: Found<Example>,
  describe: (example: Example) => string,
): string {
  if (all === 0) return "";
  const more = all - examples.length;
  const rest = more === 0 ? [] : [examples.length === 0 ? "" : `and ${count(more)} more`];
  const lines = [...examples.map(describe), ...rest].filter((line) => line !== "");
  return [`${title} (${count(all)})`, ...lines.map((line) => `  ${line}`)].join("\n");
}

export const placeText = ({ path, line }: Place): string => `${path}:${line}`;

export const pairText = ({
  sentence1,
  sentence2,
}: Pick<PairExample, "sentence1" | "sentence2">): string =>
  [sentence1, sentence2].map((sentence) => cut(sentence, sentenceWidth)).join(" / ");

const labelText = ({ label }: PairExample): string => (label === null ? "" : ` (${short(label)})`);

const describePair = (pair: PairExample): string =>
  `${placeText(pair)}${labelText(pair)}: ${pairText(pair)}`;

const describeRepetition = ({ first, second }: Repetition): string =>
  `${placeText(first)}${labelText(first)}, ${placeText(second)}${labelText(second)}: ` +
  pairText(first);

const describeConflict = (conflict: Conflict): string =>
  `${conflict.rows.map((row) => `${placeText(row)} (${short(row.label)})`).join(", ")}: ` +
  pairText(conflict);

function badRowsOf(files: readonly FileDescription[], examples: number): string {
  const rows = files.flatMap(({ badRows }) => badRows);
  const shown = { count: rows.length, examples: rows.slice(0, examples) };
  return found("Rows that cannot be used", shown, (row) => `${placeText(row)}: ${row.reason}`);
}

const missingIn = ({ path, columns }: FileDescription): string[] =>
  columns.map(({ name, missing }) =>
    found(`Rows of ${path} without ${nameText(name)}`, missing, ({ line }) => `line ${line}`),
  );

function violationsIn({ path, binaryLabels }: FileDescription): string {
  if (binaryLabels === null) return "";
  const { column, threshold, violations } = binaryLabels;
  const rule = `1 exactly when the label is ${short(threshold)} or more`;
  return found(
    `Rows of ${path} whose ${column} is not ${rule}`,
    violations,
    ({ line, label, value }) => `line ${line}: ${value} at ${short(label)}`,
  );
}

function describeLeakage({ first, second, pairs, sentences }: Leakage): string {
  if (sentences.distinct === 0) return "";
  const rows = ({ rowsOfFirst, rowsOfSecond }: Leakage["pairs"] | Leakage["sentences"]) =>
    `${counted(rowsOfFirst, "row")} of the first, ${count(rowsOfSecond)} of the second`;
  const { sameOrder, swapped } = pairs;
  return [
    `In both ${first} and ${second}`,
    ...(pairs.rowsOfFirst === 0
      ? []
      : [
          `  ${counted(sameOrder, "pair")} in the same order, ${count(swapped)} swapped: ${rows(pairs)}`,
          ...pairs.examples.map((example) => `    ${describeRepetition(example)}`),
        ]),
    `  ${counted(sentences.distinct, "sentence")}: ${rows(sentences)}`,
    ...sentences.examples.map(
      (example) =>
        `    ${placeText(example.first)}, ${placeText(example.second)}: ` +
        cut(example.sentence, sentenceWidth),
    ),
  ].join("\n");
}

/** Not findings but extremes, which are not counted. */
function ratios(title: string, pairs: readonly LengthRatio[]): string {
  if (pairs.length === 0) return "";
  const lines = pairs.map(
    ({ characters, ...pair }) => `  ${characters.map(count).join(" and ")}, ${describePair(pair)}`,
  );
  return [title, ...lines].join("\n");
}

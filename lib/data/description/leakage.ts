import type { DataFile, DataRow } from "./data-file.js";
import type { Leakage } from "./description.js";
import type { Search } from "./duplicates.js";
import { forEach } from "./for-each.js";
import { placeOf, repetitionOf } from "./repetition.js";

/** A file by what it has: the first row of each pair in its order, and of each sentence. */
type Contents = {
  file: DataFile;
  pairs: ReadonlyMap<number, DataRow>;
  sentences: ReadonlyMap<number, DataRow>;
};

/** What each two of the files have in common. */
export async function findLeakage(files: readonly DataFile[], search: Search): Promise<Leakage[]> {
  const contents: Contents[] = [];
  const found: Leakage[] = [];
  if (files.length < 2) return found;
  for (const file of files) {
    const second = await contentsOf(file, search);
    for (const first of contents) {
      found.push({
        first: first.file.path,
        second: file.path,
        pairs: await commonPairs(first, second, search),
        sentences: await commonSentences(first, second, search),
      });
    }
    contents.push(second);
  }
  return found;
}

async function contentsOf(file: DataFile, { numbers, slice }: Search): Promise<Contents> {
  const pairs = new Map<number, DataRow>();
  const sentences = new Map<number, DataRow>();
  await forEach(file.pairs, slice, (row) => {
    const pair = numbers.pair(row.first, row.second);
    if (!pairs.has(pair)) pairs.set(pair, row);
    for (const sentence of [row.first, row.second]) {
      if (!sentences.has(sentence)) sentences.set(sentence, row);
    }
  });
  return { file, pairs, sentences };
}

async function commonPairs(
  first: Contents,
  second: Contents,
  { numbers, slice, examples: limit }: Search,
): Promise<Leakage["pairs"]> {
  const common: Leakage["pairs"] = {
    ...{ sameOrder: 0, swapped: 0, rowsOfFirst: 0, rowsOfSecond: 0, examples: [] },
  };
  const inOrder = ({ pairs }: Contents, row: DataRow) =>
    pairs.get(numbers.pair(row.first, row.second));
  const inOtherOrder = ({ pairs }: Contents, row: DataRow) =>
    row.first === row.second ? undefined : pairs.get(numbers.pair(row.second, row.first));
  await forEach(first.file.pairs, slice, (row) => {
    const [same, swapped] = [inOrder(second, row), inOtherOrder(second, row)];
    const there = same ?? swapped;
    if (there === undefined) return;
    common.rowsOfFirst++;
    if (inOrder(first, row) !== row) return;
    if (same) common.sameOrder++;
    if (swapped) common.swapped++;
    if (common.examples.length < limit) common.examples.push(repetitionOf(row, there));
  });
  await forEach(second.file.pairs, slice, (row) => {
    if (inOrder(first, row) ?? inOtherOrder(first, row)) common.rowsOfSecond++;
  });
  return common;
}

async function commonSentences(
  first: Contents,
  second: Contents,
  { numbers, slice, examples: limit }: Search,
): Promise<Leakage["sentences"]> {
  const common: Leakage["sentences"] = {
    ...{ distinct: 0, rowsOfFirst: 0, rowsOfSecond: 0, examples: [] },
  };
  await forEach([...first.sentences], slice, ([number, row]) => {
    const there = second.sentences.get(number);
    if (there === undefined) return;
    common.distinct++;
    if (common.examples.length >= limit) return;
    const sentence = numbers.sentences[number]!;
    common.examples.push({ sentence, first: placeOf(row), second: placeOf(there) });
  });
  const isIn = ({ sentences }: Contents, row: DataRow) =>
    sentences.has(row.first) || sentences.has(row.second);
  await forEach(first.file.pairs, slice, (row) => {
    if (isIn(second, row)) common.rowsOfFirst++;
  });
  await forEach(second.file.pairs, slice, (row) => {
    if (isIn(first, row)) common.rowsOfSecond++;
  });
  return common;
}

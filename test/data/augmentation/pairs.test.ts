import { readFileSync } from "node:fs";
import path from "node:path";
import { augmentedFile } from "../../../lib/data/augmentation/augmented-file.js";
import {
  backTranslatedPairs,
  keepSimilar,
  type Similarity,
} from "../../../lib/data/augmentation/back-translated-pairs.js";
import { identicalPairs } from "../../../lib/data/augmentation/identical-pairs.js";
import { augmentedRows } from "../../../lib/data/augmentation/new-pairs.js";
import { swappedPairs } from "../../../lib/data/augmentation/swapped-pairs.js";
import { loadPairTable, type PairTable } from "../../../lib/data/pair-table.js";
import type { Pair } from "../../../lib/data/pair.js";
import { writeRows } from "../../../lib/data/write-rows.js";
import { temporaryDirectory } from "../files.js";

const { directory, file } = temporaryDirectory();
const load = (...rows: string[]): Promise<PairTable> => {
  const contents = ["id,sentence1,sentence2,label", ...rows, ""].join("\n");
  return loadPairTable(file("train.csv", contents), { labels: "required" });
};

/** The cosine of the two texts is the number that the second begins with. */
const leading: Similarity = (pairs) => Promise.resolve(pairs.map(([, back]) => parseFloat(back)));

const back = (sentences: Record<string, string>) => new Map(Object.entries(sentences));

describe("back-translated pairs", () => {
  it("are of both sentences; what is missing or unchanged adds nothing", async () => {
    const { rows } = await load("1,가,나,1", "2,가,다,2", "3,다,라,3", "4,라,가,4", "5,마,가,5");
    const sentences = back({ 가: "0.9 가", 나: "0.7 나", 다: "다", 라: "라" });
    const { pairs, ...dropped } = await backTranslatedPairs(rows, sentences, leading);
    expect(dropped).toEqual({ missing: 1, unchanged: 1 });
    expect(pairs.map(({ of, ...pair }) => [of.pair.id, pair])).toEqual([
      ["1", { sentence1: "0.9 가", sentence2: "0.7 나", similarity: 0.7 }],
      ["2", { sentence1: "0.9 가", sentence2: "다", similarity: 0.9 }],
      ["4", { sentence1: "라", sentence2: "0.9 가", similarity: 0.9 }],
    ]);
  });

  it("each sentence that changed is compared once, and no other", async () => {
    const { rows } = await load("1,가,나,1", "2,나,가,2", '3,"다  라\n",나,3', "4,각,나,3");
    const sentences = back({
      ...{ 가: "0.9", 나: "나", "다  라\n": "다 라" },
      각: "각".normalize("NFD"),
    });
    const compared: (readonly Pair[])[] = [];
    const { unchanged } = await backTranslatedPairs(rows, sentences, (pairs) => {
      compared.push(pairs);
      return leading(pairs);
    });
    expect(compared).toEqual([[["가", "0.9"]]]);
    expect(unchanged).toBe(2);
  });

  it("too few similarities are refused instead of being mixed up", async () => {
    const { rows } = await load("1,가,나,1");
    const sentences = back({ 가: "0.9", 나: "0.8" });
    await expect(backTranslatedPairs(rows, sentences, () => Promise.resolve([1]))).rejects.toThrow(
      "similarity: expected 2 numbers, got 1",
    );
  });

  it("are kept from their threshold on, with the rounding of float32", async () => {
    const { rows } = await load("1,가,거,1", "2,나,거,2", "3,다,거,3");
    const sentences = back({ 가: "0.7", 나: "0.9", 다: "0.99999994", 거: "거" });
    const { pairs } = await backTranslatedPairs(rows, sentences, leading);
    const kept = (threshold: number) =>
      keepSimilar(rows, pairs, threshold).pairs.map(({ pair }) => pair.id);
    expect(kept(0.7)).toEqual(["1-bt", "2-bt", "3-bt"]);
    expect(kept(0.70001)).toEqual(["2-bt", "3-bt"]);
    expect(kept(0.9)).toEqual(["2-bt", "3-bt"]);
    expect(kept(1)).toEqual(["3-bt"]);
    expect(keepSimilar(rows, pairs, 0.9)).toMatchObject({ below: 1, repeated: 0 });
  });

  it("that the data have already, or a pair before that was kept, are left out", async () => {
    const { rows } = await load(
      "1,가,나,1",
      "2,다,나,2",
      "3,라,나,3",
      "4,0.6 마,나,4",
      "5,바,나,5",
    );
    const sentences = back({
      ...{ 가: "0.7 사", 다: "0.7 사", 라: "0.6 마", "0.6 마": "0.6 마", 바: "0.9 바", 나: "나" },
    });
    const { pairs } = await backTranslatedPairs(rows, sentences, leading);
    const kept = keepSimilar(rows, pairs, 0.5);
    expect(kept.pairs.map(({ pair }) => [pair.id, pair.sentence1, pair.label])).toEqual([
      ["1-bt", "0.7 사", 1],
      ["5-bt", "0.9 바", 5],
    ]);
    expect([kept.below, kept.repeated]).toEqual([0, 2]);
  });

  it("without a similarity, as of a vector that is not finite, are not kept", async () => {
    const { rows } = await load("1,가,나,1");
    const sentences = back({ 가: "nothing", 나: "나" });
    const { pairs } = await backTranslatedPairs(rows, sentences, leading);
    expect(keepSimilar(rows, pairs, 0)).toEqual({ pairs: [], below: 1, repeated: 0 });
  });
});

describe("swapped pairs", () => {
  it("are those that the data do not have in that order, each once", async () => {
    const { rows } = await load("1,가,나,1", "2,나,가,2", "3,다,다,5", "4,다,라,3", "5,다,라,4");
    const { pairs, possible } = swappedPairs(rows, { fraction: 1, seed: 1 });
    expect(pairs.map(({ pair }) => pair)).toEqual([
      { id: "4-swap", sentence1: "라", sentence2: "다", label: 3, line: 5 },
    ]);
    expect(possible).toBe(1);
    expect(() => swappedPairs(rows.slice(0, 3), { count: 1, seed: 1 })).toThrow(
      "The data have every such pair already; there is none to add.",
    );
  });

  it("are as many as asked for, by a seed, in the order of the file", async () => {
    const table = await load(...Array.from({ length: 200 }, (_, i) => `${i},가 ${i},나 ${i},1`));
    const ids = (options: Parameters<typeof swappedPairs>[1]) =>
      swappedPairs(table.rows, options).pairs.map(({ pair }) => parseInt(pair.id));
    const chosen = ids({ count: 50, seed: 1 });
    expect(chosen).toHaveLength(50);
    expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
    expect(ids({ count: 50, seed: 1 })).toEqual(chosen);
    expect(ids({ fraction: 0.25, seed: 1 })).toEqual(chosen);
    expect(ids({ count: 50, seed: 2 })).not.toEqual(chosen);
    expect(ids({ fraction: 0.001, seed: 1 })).toHaveLength(1);
    expect(ids({ count: 500, seed: 1 })).toHaveLength(200);
    for (const wrong of [{ count: 0 }, { count: 1.5 }, { fraction: 0 }, { fraction: 1.1 }]) {
      expect(() => ids({ ...wrong, seed: 1 })).toThrow(/(count|fraction): expected/);
    }
  });
});

it("identical pairs are of each sentence once, with the label that is given", async () => {
  const { rows } = await load("1,가,나,1", "2,나,다,2", "3,다,다,5");
  const { pairs, possible } = identicalPairs(rows, 5, { fraction: 1, seed: 3 });
  expect(pairs.map(({ pair }) => [pair.id, pair.sentence1, pair.sentence2, pair.label])).toEqual([
    ["1-same", "가", "가", 5],
    ["1-same-2", "나", "나", 5],
  ]);
  expect(possible).toBe(2);
});

describe("a file with new pairs", () => {
  it("has the rows as they were, then the new ones with all columns, and reads again", async () => {
    const rows = ["a,x,가,나,1.50", "a-swap,y,다,라,2", 'a,z,"마, ""바""",사,3'];
    const source = file("t.csv", `id,note,sentence1,sentence2,label\n${rows.join("\n")}\n`);
    const table = await loadPairTable(source, { labels: "required" });
    const target = path.join(directory, "out.csv");
    const { pairs } = swappedPairs(table.rows, { fraction: 1, seed: 1 });
    await writeRows(target, table.header, augmentedRows(table, pairs));
    expect(readFileSync(target, "utf8")).toBe(
      [
        "id,note,sentence1,sentence2,label",
        ...rows,
        // The id a-swap is taken.
        "a-swap-2,x,나,가,1.50",
        "a-swap-swap,y,라,다,2",
        'a-swap-3,z,사,"마, ""바""",3',
        "",
      ].join("\n"),
    );
    const again = await loadPairTable(target, { labels: "required" });
    const expected = [...table.rows, ...pairs].map(({ pair }) => ({ ...pair, line: 0 }));
    expect(again.rows.map(({ pair }) => ({ ...pair, line: 0 }))).toEqual(expected);
  });

  it.each([
    ["data/train.csv", "out/train.swap.csv"],
    ["train.v2.jsonl.gz", "out/train.v2.swap.jsonl.gz"],
    ["train", "out/train.swap"],
    [".train.csv", "out/.train.swap.csv"],
    ["a.GZ", "out/a.swap.GZ"],
    ["two\nlines.csv", "out/two\nlines.swap.csv"],
  ])("%s becomes %s", (from, to) => {
    expect(augmentedFile("out", from, "swap")).toBe(to);
  });
});

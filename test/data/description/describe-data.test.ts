import { describeData, type DescribeOptions } from "../../../lib/data/description/describe-data.js";
import { temporaryDirectory } from "../files.js";

const { file, directory } = temporaryDirectory();

const csv = (...rows: string[]) => ["id,sentence1,sentence2,label", ...rows, ""].join("\n");

async function describeOne(name: string, contents: string, options?: DescribeOptions) {
  const description = await describeData([file(name, contents)], options);
  const [described] = description.files;
  return { ...described!, all: description.all, leakage: description.leakage };
}

const reasonsOf = ({ badRows }: { badRows: { line: number; reason: string }[] }) =>
  badRows.map(({ line, reason }) => `${line}: ${reason}`);

it("a file is described to its end, whatever its rows are like", async () => {
  const described = await describeOne(
    "bad.csv",
    csv("1,가,나,3", "2,가", '3,"가,나,3', "4,가,나,6", "5,,나,1", "6,가,다,", "7,라,마,5"),
  );
  expect(reasonsOf(described)).toEqual([
    expect.stringMatching(/^3: wrong number of columns: expected 4, got 2/),
    expect.stringMatching(/^4: malformed quoting/),
    "5: the label 6 is out of range: expected 0 to 5",
    '6: "sentence1" is empty',
  ]);
  expect(described.rows).toBe(7);
  expect(described.pairs).toMatchObject({ n: 4, labels: { n: 2, unlabelled: 2, mean: 4 } });
  expect(described.columns).toEqual([
    { name: "id", missing: { count: 0, examples: [] } },
    {
      name: "sentence1",
      missing: { count: 1, examples: [{ path: described.path, line: 6 }] },
    },
    { name: "sentence2", missing: { count: 0, examples: [] } },
    { name: "label", missing: { count: 1, examples: [{ path: described.path, line: 7 }] } },
  ]);
});

it("lines are those at which rows start, also where values go over several", async () => {
  const contents = csv('1,"가\n나",다,1', "2,라,마,9", '3,"가\n나",다,2');
  const described = await describeOne("lines.csv", contents);
  expect(reasonsOf(described)).toEqual([expect.stringMatching(/^4: the label 9/)]);
  const [conflict] = described.pairs.duplicates.conflicts.examples;
  expect(conflict).toMatchObject({ spread: 1, rows: [{ line: 2 }, { line: 5 }] });
});

it("a file of bad rows alone is described too", async () => {
  const described = await describeOne("none.csv", csv("1,,나,3", "2,가"));
  expect(described).toMatchObject({ rows: 2, badRows: [{ line: 2 }, { line: 3 }] });
  expect(described.pairs).toMatchObject({ n: 0, labels: null, characters: null, tokens: null });
});

it("a single pair has no deviation", async () => {
  const { pairs } = await describeOne("one.csv", csv("1,가나,다,3"));
  expect(pairs.labels).toMatchObject({ n: 1, mean: 3, variance: null, sd: null, median: 3 });
  expect(pairs.characters).toMatchObject({ sentence: { n: 2, mean: 1.5 }, pair: { sd: null } });
});

it("data without labels are described as far as they go", async () => {
  const described = await describeOne("test.csv", "id,sentence_1,sentence_2\n1,가,나\n2,가,나\n");
  expect(described.fields).toEqual({ id: "id", sentence1: "sentence_1", sentence2: "sentence_2" });
  expect(described.pairs).toMatchObject({ n: 2, labels: null, sources: null });
  expect(described.pairs.duplicates).toMatchObject({
    identicalPairs: { count: 1 },
    identicalRows: { count: 0 },
    conflicts: { count: 0 },
  });
  expect(described.binaryLabels).toBeNull();
});

it("the histogram, the buckets and the binary-label rule follow the label range", async () => {
  const { pairs, binaryLabels } = await describeOne(
    "range.csv",
    "sentence1,sentence2,label,binary-label\n가,나,0.5,1\n다,라,0.45,1\n마,바,1,1\n사,아,0,0\n",
    { labelRange: { min: 0, max: 1 } },
  );
  expect(pairs.labels!.buckets.map(({ label }) => label)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(pairs.labels!.buckets.map(({ count }) => count)).toEqual([1, 0, 2, 0, 0, 1]);
  const { edges, counts } = pairs.labels!.histogram;
  expect([edges[0], edges[9], edges.at(-1)]).toEqual([0, 0.45, 1]);
  expect([counts[0], counts[9], counts[10], counts[19]]).toEqual([1, 1, 1, 1]);
  expect(binaryLabels).toMatchObject({ threshold: 0.5, checked: 4 });
  expect(binaryLabels!.violations).toMatchObject({ count: 1, examples: [{ line: 3, value: "1" }] });
});

it("nested JSON, as KLUE has it, is described, and rows are alike in whatever order their keys are", async () => {
  const rows = [
    { guid: "1", sentence1: "가", sentence2: "나", labels: { label: 3, "binary-label": 0 } },
    { labels: { "binary-label": 0, label: 3 }, sentence2: "나", sentence1: "가", guid: "1" },
    { guid: "3", sentence1: "가", sentence2: "다", labels: { label: 1, "binary-label": false } },
  ];
  const described = await describeOne("klue.json", JSON.stringify(rows), {
    columns: { id: "guid", label: "labels.label" },
  });
  expect(described.columns.map(({ name }) => name)).toEqual([
    ...["guid", "sentence1", "sentence2", "labels.label", "labels.binary-label"],
  ]);
  expect(described.pairs.duplicates.identicalRows.count).toBe(1);
  expect(described.binaryLabels).toMatchObject({ checked: 3, violations: { count: 2 } });
});

it("as many examples are given as were asked for, and everything is counted", async () => {
  const rows = Array.from({ length: 9 }, (_, i) => `${i},가,나,${i % 5}`);
  for (const examples of [0, 2, 100]) {
    const { pairs } = await describeOne("many.csv", csv(...rows), { examples });
    const { identicalPairs } = pairs.duplicates;
    expect(identicalPairs.count).toBe(8);
    expect(identicalPairs.examples).toHaveLength(Math.min(examples, 8));
  }
});

it("one file twice has everything in common with itself", async () => {
  const name = file("same.csv", csv("1,가,나,1", "2,나,가,1", "3,다,다,5"));
  const { leakage, all } = await describeData([name, name]);
  expect(leakage).toHaveLength(1);
  expect(leakage[0]!.pairs).toMatchObject({
    ...{ sameOrder: 3, swapped: 2, rowsOfFirst: 3, rowsOfSecond: 3 },
  });
  expect(leakage[0]!.sentences).toMatchObject({ distinct: 3, rowsOfFirst: 3, rowsOfSecond: 3 });
  expect(all).toMatchObject({ rows: 6, pairs: { n: 6, duplicates: { distinct: 2 } } });
});

it.each([
  ["no file", [], {}, { code: "INVALID_ARGUMENT" }],
  ["a missing file", ["nowhere.csv"], {}, { code: "NOT_FOUND" }],
  ["examples", ["a.csv"], { examples: -1 }, { code: "INVALID_ARGUMENT" }],
  ["a length", ["a.csv"], { maxLength: 0.5 }, { code: "INVALID_ARGUMENT" }],
  ["a range", ["a.csv"], { labelRange: { min: 1, max: 1 } }, { code: "INVALID_ARGUMENT" }],
])("%s that is none is refused", async (_, paths, options, error) => {
  const inside = paths.map((name) => `${directory}/${name}`);
  await expect(describeData(inside, options)).rejects.toMatchObject(error);
});

it.each([
  ["empty.csv", "", /empty\.csv: the file has no rows/],
  ["header.csv", csv(), /header\.csv: the file has no rows/],
  ["other.csv", "a,b\n1,2\n", /other\.csv:1: There is no column "sentence1" or "sentence_1"/],
  ["broken.jsonl", "{\n", /broken\.jsonl: the file has no row that can be read: invalid JSON/],
])("%s cannot be described", async (name, contents, message) => {
  const described = describeData([file(name, contents)]);
  await expect(described).rejects.toMatchObject({ code: "INVALID_DATA" });
  await expect(described).rejects.toThrow(message);
});

describe("a large file", () => {
  const rows = Array.from({ length: 150_000 }, (_, i) => `${i},가 ${i},나 ${i % 7},${i % 6}`);
  const path = file("large.csv", `${csv()}${rows.join("\n")}`);

  it("leaves the event loop free", async () => {
    let longest = 0;
    const begin = performance.now();
    let last = begin;
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const { all } = await describeData([path]);
    clearInterval(timer);
    expect(all.pairs.duplicates.distinct).toBe(150_000);
    expect(longest).toBeLessThan((performance.now() - begin) / 3);
  });

  it("is left when the signal fires, while it is read and afterwards", async () => {
    const aborted = AbortSignal.abort();
    const reading = describeData([path], { signal: aborted });
    await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
    const controller = new AbortController();
    const measuring = describeData([path], {
      signal: controller.signal,
      onMeasured: () => controller.abort(),
    });
    await expect(measuring).rejects.toMatchObject({ code: "ABORTED" });
  });
});

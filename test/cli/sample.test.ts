import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const run = (...args: string[]) => stsNative(["sample", ...args], { cwd: directory });
const onData = (...args: string[]) => run("--data", "data.csv", ...args);
const linesOf = (file: string) =>
  readFileSync(path.join(directory, file), "utf8").trimEnd().split("\n");

const labels = [0, 0, 0, 0, 1, 1, 3, 5];

beforeAll(() => {
  const rows = labels.map((label, i) => `id-${i},가${i},나,${label}\n`);
  writeFileSync(path.join(directory, "data.csv"), `id,sentence1,sentence2,label\n${rows.join("")}`);
});

it("shows the buckets before and after, writes them, and warns of dividing too late", async () => {
  const outcome = await onData("--buckets", "0=2,5=3", "--output", "sampled.csv");
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toBe(
    `bucket  label  before  after  each row
0           0       4      2    0 or 1
1           1       2      2         1
2           2       0      0
3           3       1      1         1
4           4       0      0
5           5       1      3         3
all                 8      8
written: sampled.csv
`,
  );
  expect(outcome.stderr).toMatch(/^Rows are there several times: hold out dev and test before/);
  const [, ...rows] = linesOf("sampled.csv");
  expect(rows.slice(2)).toEqual([
    ...["id-4,가4,나,1", "id-5,가5,나,1", "id-6,가6,나,3"],
    ...["id-7,가7,나,5", "id-7,가7,나,5", "id-7,가7,나,5"],
  ]);
});

it("without --output nothing is written, and --json says what would be", async () => {
  const outcome = await onData("--every", "min", "--buckets", "0=3", "--json");
  expect(lastLine(outcome)).toEqual({
    ...{ file: "data.csv", output: null, rows: { before: 8, after: 6 }, seed: 42, skipped: 0 },
    buckets: [
      { bucket: 0, before: 4, after: 3 },
      { bucket: 1, before: 2, after: 1 },
      { bucket: 2, before: 0, after: 0 },
      { bucket: 3, before: 1, after: 1 },
      { bucket: 4, before: 0, after: 0 },
      { bucket: 5, before: 1, after: 1 },
    ],
  });
  expect(outcome.stderr).toContain("warning: no rows to draw from: bucket 2, 4\n");
  expect(outcome.stderr).not.toContain("several times");
});

it("--seed decides which rows are drawn", async () => {
  const draw = async (seed: string, file: string) => {
    await onData("--buckets", "0=2", "--seed", seed, "--output", file);
    return linesOf(file);
  };
  const first = await draw("1", "first.csv");
  expect(await draw("1", "again.csv")).toEqual(first);
  expect(await draw("3", "other.csv")).not.toEqual(first);
});

it.each<[string[], RegExp]>([
  [[], /nothing is asked for: give --buckets 0=1000,3=2000, or --every mean/],
  [["--buckets", "2=10"], /bucket 2 of the labels has no rows, of which 10 are to be made/],
  [["--buckets", "7=10"], /--buckets: expected rows by bucket, .* got "7=10"/],
  [["--buckets", "1=10,1=20"], /--buckets: expected rows by bucket, each of 0 to 5 once/],
  [["--buckets", "1=many"], /--buckets: expected rows by bucket/],
  [["--every", "median"], /--every: expected a number of rows, or min, mean, max, got "median"/],
  [
    ["--every", "mean", "--output", "data.csv"],
    /--output: data\.csv is one of the files that are read/,
  ],
  [["--every", "mean", "--output", "data.jsonl"], /data\.jsonl is named as jsonl, but keeps/],
])("sample %j is a mistake that is named", async (args, message) => {
  expectMistake(await onData(...args), message);
  expect(existsSync(path.join(directory, "data.jsonl"))).toBe(false);
});

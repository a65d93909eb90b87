import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeData } from "../../lib/data/description/describe-data.js";
import type { SentencePair } from "../../lib/data/pair.js";
import { describePredictions } from "../../lib/evaluation/predictions-description.js";
import { edaPage } from "../../lib/reports/eda-page.js";
import { temporaryDirectory } from "../data/files.js";

const { directory } = temporaryDirectory();

const write = (name: string, header: string, rows: readonly string[]): string => {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${header}\n${rows.map((row) => `${row}\n`).join("")}`);
  return file;
};

/** What is read on a page, on one line. */
const textOf = (page: string): string =>
  page
    .replace(/^.*<body>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

const header = "id,source,sentence1,sentence2,label,binary-label";

it("says what is wrong with files, where, and how they differ", async () => {
  const train = write("a/data.csv", header, [
    "1,뉴스,고양이가 잔다.,고양이가 자고 있다.,4.5,1",
    "2,뉴스,고양이가 잔다.,고양이가 자고 있다.,1.5,0",
    "3,영화,고양이가 자고 있다.,고양이가 잔다.,4.5,0",
    "4,,비가 온다.,비가 온다.,5,1",
    "5,영화,비가 온다.,,5,1",
  ]);
  const dev = write("b/data.csv", header, ["1,뉴스,비가 온다.,비가 온다.,5,1"]);
  const page = await edaPage(await describeData([train, dev]));
  const text = textOf(page);
  expect(text).toContain("5 sentence pairs in 2 files.");
  expect(text).toContain(train);
  for (const finding of [
    "1 row that cannot be used",
    "3 rows whose pair occurred before",
    "1 pair with more than one label",
    "2 pairs of a sentence and itself",
    "1 row against the rule of binary labels",
    "1 pair and 1 sentence that both a/data.csv and b/data.csv have",
  ]) {
    expect(text).toContain(finding);
  }
  expect(text).toMatch(/Rows that cannot be used: 1 .* a\/data\.csv:6 "?.*sentence2/);
  expect(text).toMatch(/뉴스 a\/data\.csv 2 50\.0 % 2 3\.00 /);
  expect(text).toMatch(/\(none\) a\/data\.csv 1 25\.0 % 1 5\.00 /);
  expect(text).toMatch(
    /a\/data\.csv: binary-label is 1 from a label of 2\.5 on, .* in 3 of 4 rows/,
  );
  expect(text).toMatch(/a\/data\.csv 4 0 3\.88 2\.56 1\.60 1\.50 3\.75 4\.50 4\.63 5\.00/);
});

it("says where predictions are wrong", async () => {
  const file = write("dev.csv", header, ["1,가,나,다,0,0", "2,가,라,마,5,1", "3,나,바,사,2,0"]);
  const labels = [0, 5, 2];
  const pairs = labels.map((label, i): SentencePair => ({
    ...{ id: String(i), line: i + 2, sentence1: `문장 ${i}`, sentence2: "<둘>", label },
    source: i < 2 ? "가" : "나",
  }));
  const predictions = describePredictions(pairs, [1, 4, 2], { path: "p.csv", data: file });
  const text = textOf(await edaPage(await describeData([file]), predictions));
  expect(text).toContain("Pearson 0.9972");
  expect(text).toContain("mean squared error 0.6667");
  expect(text).toMatch(
    /By label labels near .* 0 1 0\.00 1\.00 1\.00 1\.00 1 0 – – – – 2 1 2\.00 2\.00/,
  );
  expect(text).toMatch(/Worst predictions: 3 .* dev\.csv:2 문장 0 &lt;둘&gt; 0 1\.00/);
  expect(text).toMatch(/가 2 2\.50 2\.50 1\.00 1\.00 1\.0000/);
});

it.each([
  ["no labels and no sources", "sentence1,sentence2", ["가,나", "다,라"], /No pair has a label\./],
  ["one pair", "sentence1,sentence2,label", ["가,나,3"], /1 sentence pair in 1 file\./],
  ["no usable row", "sentence1,sentence2,label", [",나,3"], /There are no pairs\./],
  [
    "labels that are all the same",
    "sentence1,sentence2,label",
    ["가,나,3", "다,라,3"],
    /3\.00 0\.00/,
  ],
])("is there of a file with %s", async (name, columns, rows, expected) => {
  const file = write(`${name}.csv`, columns, rows);
  expect(textOf(await edaPage(await describeData([file])))).toMatch(expected);
});

it("names the sources that are too many to be drawn", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i},s${i % 20},가${i},나,3,1`);
  const text = textOf(await edaPage(await describeData([write("many.csv", header, rows)])));
  expect(text).toContain("Drawn are the 15 most frequent of 20 sources.");
  expect(text).toMatch(/ s19 many\.csv 2 5\.0 % /);
});

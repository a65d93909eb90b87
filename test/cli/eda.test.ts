import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import stringWidth from "string-width";
import type {
  DataDescription,
  PredictionsDescription,
} from "../../lib/data/description/description.js";
import { eda } from "../../lib/cli/eda.js";
import { fixture } from "../support/fixtures.js";
import {
  expectMistake,
  lastLine,
  recordedOutput,
  stsNative,
  temporaryDirectory,
} from "./support.js";

type Result = DataDescription & {
  predictions: PredictionsDescription | null;
  html: string | null;
};

const directory = temporaryDirectory();
const run = (...args: string[]) => stsNative(["eda", ...args], { cwd: directory });
const write = (file: string, contents: string) =>
  writeFileSync(path.join(directory, file), contents);
const read = (file: string) => readFileSync(path.join(directory, file), "utf8");
const model = path.resolve("models/mini");

beforeAll(() => {
  const rows = [
    "1,뉴스,고양이가 잔다.,고양이가 자고 있다.,4.5,1",
    "2,뉴스,고양이가 잔다.,고양이가 자고 있다.,1.5,0",
    "3,영화,고양이가 자고 있다.,고양이가 잔다.,4.5,0",
    "4,,비가 온다.,비가 온다.,5,1",
    "5,영화,비가 온다.,,5,1",
    "6,영화,비가 온다.,눈이 온다.,,",
    "7,영화,비가 온다.,눈이 온다.,9,1",
  ];
  write("train.csv", `id,source,sentence1,sentence2,label,binary-label\n${rows.join("\n")}\n`);
  write("dev.csv", "id,sentence1,sentence2,label\na,눈이 온다.,비가 온다.,2\nb,가,나,0\n");
  const scores = ["7,1", "6,2", "4,5.5", "3,4", "2,2", "1,4"];
  write("p.csv", `id,target\n${scores.join("\n")}\n`);
});

it("figures stand in columns that Korean text does not shift", async () => {
  const { code, stdout, stderr } = await run("train.csv", "dev.csv", "--model", model);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [table] = stdout.split("\n\n");
  const lines = table!.split("\n");
  expect(lines[0]).toMatch(/^ +train\.csv +dev\.csv +all$/);
  const full = lines.filter(
    (line) => line.split(/ {2,}/).length === 4 + Number(line.startsWith(" ")),
  );
  expect(full.length).toBeGreaterThan(30);
  expect(new Set(full.map((line) => stringWidth(line))).size).toBe(1);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^rows +7 +2 +9$/),
      expect.stringMatching(/^ {2}that cannot be used +2 +- +2$/),
      expect.stringMatching(/^ {2}without source +1 +1$/),
      expect.stringMatching(/^ {2}different +3 +2 +4$/),
      expect.stringMatching(/^ {2}repeated, swapped +1 +- +2$/),
      expect.stringMatching(/^ {2}against the binary-label rule +1 +1$/),
      expect.stringMatching(/^ {2}뉴스 +2, mean 3\.00 +2, mean 3\.00$/),
    ]),
  );
});

it("what is wrong is named with its file and line", async () => {
  const { stdout, stderr } = await run("train.csv", "dev.csv");
  expect(stderr).toBe("Tokens are not counted without --model.\n");
  expect(stdout).toContain(
    'Rows that cannot be used (2)\n  train.csv:6: "sentence2" is empty\n  train.csv:8: the label 9 is out of range',
  );
  expect(stdout).toContain("Rows of train.csv without label (1)\n  line 7\n");
  expect(stdout).toContain(
    "Rows of train.csv whose binary-label is not 1 exactly when the label is 2.5 or more (1)\n  line 4: 0 at 4.5\n",
  );
  expect(stdout).toContain(
    "Pairs with several labels (1)\n  train.csv:2 (4.5), train.csv:3 (1.5), train.csv:4 (4.5): 고양이가 잔다. / 고양이가 자고 있다.\n",
  );
  expect(stdout).toContain(
    "In both train.csv and dev.csv\n  0 pairs in the same order, 1 swapped: 2 rows of the first, 1 of the second\n",
  );
});

it("labels in a column of another name are not overlooked", async () => {
  write("klue.json", '[{"sentence1":"가","sentence2":"나","labels":{"label":3.7}}]');
  const { stderr } = await run("klue.json");
  expect(stderr).toContain("klue.json: no labels are read; their column is named by --columns");
  const named = await run("klue.json", "--columns", "label=labels.label", "--json");
  expect(named.stderr).not.toContain("no labels");
  expect((lastLine(named) as Result).all.pairs.labels?.mean).toBe(3.7);
});

it("with --json the last line of stdout has all figures", async () => {
  const args = ["--model", model, "--max-length", "8", "--examples", "0", "--json"];
  const outcome = await run("train.csv", "dev.csv", ...args);
  expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
  const result = lastLine(outcome) as Result;
  expect(result).toMatchObject({
    tokenizer: { model, maxLength: 256 },
    files: [
      { path: "train.csv", rows: 7 },
      { path: "dev.csv", rows: 2 },
    ],
    all: { rows: 9, badRows: 2, pairs: { n: 8 } },
    ...{ predictions: null, html: null },
  });
  expect(result.files[0]!.badRows).toHaveLength(2);
  expect(result.all.pairs.duplicates.conflicts).toEqual({ count: 1, examples: [] });
  expect(result.all.pairs.tokens!.limits.map(({ maxLength, of }) => [maxLength, ...of])).toEqual([
    [8, "asked"],
    ...[[32], [64], [128]],
    [256, "model"],
    [512],
  ]);
});

describe("--predictions", () => {
  it("are matched by their ids, also where labels cannot be used", async () => {
    const outcome = await run("train.csv", "--predictions", "p.csv", "--json");
    expect(outcome.code).toBe(0);
    const { predictions } = lastLine(outcome) as Result;
    expect(predictions).toMatchObject({
      ...{ path: "p.csv", data: "train.csv" },
      predictions: { n: 6, max: 5.5, histogram: { above: 1 } },
      labelled: { metrics: { n: 4, mae: 0.5 }, worst: expect.any(Array) as unknown },
    });
    const [first] = predictions!.labelled!.worst;
    expect(first).toMatchObject({ line: 2, id: "1", label: 4.5, prediction: 4 });
    expect(outcome.stderr).toMatch(/^Pearson 0\.9\d{3}, Spearman .* on 4 labels$/m);
  });

  it("are matched by their places where ids repeat", async () => {
    write("repeated.csv", "id,sentence1,sentence2,label\nx,가,나,1\nx,다,라,3\ny,마,바,5\n");
    write("q.csv", "id,target\nx,1\nx,3\ny,4\n");
    const outcome = await run("repeated.csv", "--predictions", "q.csv", "--json");
    const { predictions } = lastLine(outcome) as Result;
    expect(predictions!.labelled!.metrics).toMatchObject({ n: 3, mae: 1 / 3 });
    write("q.csv", "id,target\nx,1\ny,3\nx,4\n");
    expectMistake(
      await run("repeated.csv", "--predictions", "q.csv"),
      /q\.csv:3\) in the place of/,
    );
  });

  it("are of one file", async () => {
    const outcome = await run("train.csv", "dev.csv", "--predictions", "p.csv");
    expectMistake(outcome, /--predictions are of one data file, and 2 are given/);
    expectMistake(await run("dev.csv", "--predictions", "p.csv"), /not of the same pairs/);
  });
});

describe("--html", () => {
  it("writes a page that needs nothing else", async () => {
    const { code, stdout } = await run("train.csv", "--predictions", "p.csv", "--html", "r.html");
    expect({ code, last: stdout.trimEnd().split("\n").at(-1) }).toEqual({
      ...{ code: 0, last: "page written to r.html" },
    });
    const page = read("r.html");
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain("고양이가 잔다.");
    expect(page).not.toMatch(/(src|href)="(?!data:|#)/);
  });

  it.each([
    ["train.csv", "./train.csv"],
    ["p.csv", "p.csv"],
  ])("never replaces %s, which is read", async (file, html) => {
    const before = read(file);
    const outcome = await run("train.csv", "--predictions", "p.csv", "--html", html);
    expectMistake(outcome, /--html: .* is one of the files that are read/);
    expect(read(file)).toBe(before);
  });

  it("that cannot be written is an error, when all else has been printed", async () => {
    const { code, stdout, stderr } = await run("train.csv", "--html", "nowhere/r.html");
    expect(code).toBe(1);
    expect(stdout).toContain("Pairs with several labels");
    expect(stderr).toMatch(/error: nowhere\/r\.html: its directory does not exist/);
  });
});

it.each([
  [[], /a data file is missing/],
  [["train.csv", "--max-length", "8"], /--max-length counts tokens: give --model/],
  [["nowhere.csv"], /nowhere\.csv: no such file/],
  [["train.csv", "--model", "./nowhere"], /\.\/nowhere: there is no such directory/],
  [["train.csv", "--example", "3"], /there is no flag --example\. Did you mean "--examples"\?/],
])("%j is a mistake", async (args, message) => {
  expectMistake(await run(...args), message);
});

it("Ctrl-C ends it soon, whatever it is doing", async () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, i) => `${i},개 ${i}마리,소 ${i % 9}마리,${i % 6}\n`,
  );
  write("large.csv", `id,sentence1,sentence2,label\n${rows.join("")}`);
  const given = { model, format: "csv" };
  for (const milliseconds of [50, 400]) {
    const { output, stderr } = recordedOutput();
    const running = eda.run({ given, words: [path.join(directory, "large.csv")] }, output);
    setTimeout(() => process.emit("SIGINT", "SIGINT"), milliseconds);
    await expect(running).rejects.toMatchObject({ name: "Interrupted", exitCode: 130 });
    expect(stderr()).toBe("Stopping. (Once more ends at once.)\n");
  }
});

it("a file full of defects is described without an error", async () => {
  const files = ["a.csv", "b.tsv", "c.jsonl"].map((name) => fixture("eda", name));
  const { code, stderr } = await run(...files, "--model", model);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

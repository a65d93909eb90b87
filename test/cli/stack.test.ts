import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Random } from "../../lib/data/random.js";
import { fitRidge } from "../../lib/ensemble/fit-ridge.js";
import { simulate } from "../ensemble/support.js";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const run = (...args: string[]) => stsNative(["stack", ...args], { cwd: directory });
const write = (file: string, contents: string) =>
  writeFileSync(path.join(directory, file), contents);
const predictions = (scores: readonly number[]) =>
  `id,target\n${scores.map((score, i) => `p-${i},${score}\n`).join("")}`;

const { members, labels } = simulate(new Random(1), 300, [1, 3]);
const learning = ["--labels", "train.csv", "--oof", "a-oof.csv,b-oof.csv"];
const tests = ["a-test.csv", "b-test.csv"];

beforeAll(() => {
  const rows = labels.map((label, i) => `p-${i},가,나,${label}\n`);
  write("train.csv", `id,sentence1,sentence2,label\n${rows.join("")}`);
  members.forEach((scores, i) => write(`${"ab"[i]!}-oof.csv`, predictions(scores)));
  write("a-test.csv", predictions([1, 4, 9]));
  write("b-test.csv", predictions([2, 3, 9]));
});

it("writes the ridge's scores, clamped, and shows what they are made of", async () => {
  const outcome = await run(...learning, "--output", "s.csv", ...tests, "--json");
  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toMatch(/^ +Pearson +coefficient\na-oof\.csv +0\.\d{4} +0\.\d{4}\n/m);
  expect(outcome.stderr).toMatch(/^intercept +-?\d\.\d{4}\nalpha +\S+$/m);
  expect(outcome.stderr).toContain("3 predictions written to s.csv (stacked, 1 clamped");
  const { alpha, intercept, coefficients } = fitRidge(members, labels);
  expect(lastLine(outcome)).toMatchObject({
    ...{ n: 3, files: tests, clamped: 1, output: "s.csv", alpha, intercept },
    fit: {
      n: 300,
      members: coefficients.map((coefficient) => ({ coefficient })),
      gainOverMean: { verdict: "better" },
      crossValidated: expect.any(Number) as number,
    },
  });
  const written = readFileSync(path.join(directory, "s.csv"), "utf8").trimEnd().split("\n");
  const scores = written.slice(1).map((row) => Number(row.split(",")[1]));
  const expected = intercept + coefficients[0]! + 2 * coefficients[1]!;
  expect(scores[0]).toBeCloseTo(expected, 10);
  expect(scores[2]).toBe(5);
});

it("takes an alpha, and shows without writing where there is nothing to stack", async () => {
  const outcome = await run(...learning, "--alpha", "50", "--json");
  expect(outcome.code).toBe(0);
  expect(lastLine(outcome)).toMatchObject({ alpha: 50, fit: { n: 300 } });
});

it.each<[string[], RegExp]>([
  [[], /missing: --labels \(.*\), --oof \(.*\)/],
  [["--labels", "train.csv", "--oof", "a-oof.csv"], /--oof: expected at least two .*, got 1/],
  [[...learning, ...tests], /missing: --output/],
  [
    [...learning, "--output", "o.csv", "a-test.csv"],
    /--oof: expected 1 files?, one for each of a-/,
  ],
  [[...learning, "--alpha", "-1"], /--alpha/],
  [[...learning, "--alpha=-1"], /--alpha: expected auto or a number from 0, got "-1"/],
  [[...learning, "--alpha", "big"], /--alpha: expected auto or a number from 0, got "big"/],
  [[...learning, "--output", "a-oof.csv", ...tests], /--output: a-oof\.csv is one of the files/],
  [
    ["--labels", "train.csv", "--oof", "a-oof.csv,a-test.csv"],
    /a-test\.csv and train\.csv are not of the same pairs: it lacks "p-3" \(train\.csv:5\)/,
  ],
])("%j is one clear mistake", async (args, message) => {
  expectMistake(await run(...args), message);
});

it("--help has its flags and an example", async () => {
  const { stdout, code } = await run("--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^sts-native stack .*\[flags\] a/);
  expect(stdout).toMatch(/--alpha +\S/);
  expect(stdout).toMatch(/Examples:\n {2}sts-native stack --/);
});

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writeCrossValidation, writePretraining, writeRun } from "../reports/run-files.js";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const at = (name: string) => path.join(directory, name);
const token = "hf_secretSecretSecret";
const run = (...args: string[]) =>
  stsNative(["report", ...args], { cwd: directory, env: { HF_TOKEN: token } });

beforeAll(() => {
  writeRun(at("runs/first"), { quality: 0.8 });
  writeRun(at("runs/second"), { quality: 0.9, settings: { lr: 1e-5 } });
  writeRun(at("runs/begun"), { quality: 0.3, summary: null });
  writeCrossValidation(at("runs/cv"), [0.4, 0.6]);
  writePretraining(at("runs/words"));
});

it("shows a table, and writes a page that is complete in itself", async () => {
  const outcome = await run("--output", "report.html", "runs/first", "runs/second", "runs/begun");
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  const lines = outcome.stdout.split("\n");
  expect(lines[0]).toMatch(/^ +state +Pearson +Spearman .* pairs\/s$/);
  expect(lines[1]).toMatch(/^first +finished +0\.8000 +0\.7900 /);
  expect(lines[3]).toMatch(/^begun +not finished +0\.3000 +0\.2900 .* - /);
  expect(lines.slice(4)).toEqual([
    ...["", "highest Pearson: second", "The page is written to report.html", ""],
  ]);
  const page = readFileSync(at("report.html"), "utf8");
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).not.toMatch(/<script|<link[^>]*stylesheet|src=|https?:\/\//);
});

it("with --json the last line has the figures and the settings that differ", async () => {
  const outcome = await run("runs/first", "runs/cv", "runs/words", "--json");
  expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(lastLine(outcome)).toMatchObject({
    ...{ best: "runs/first", output: null },
    runs: [
      { name: "first", path: "runs/first", kind: "train", finished: true, test: { n: 30 } },
      {
        ...{ name: "cv", kind: "crossval", dev: { pearson: 0.5 } },
        folds: [
          { fold: 1, finished: true, dev: { pearson: 0.4 }, steps: 20 },
          { fold: 2, finished: true, dev: { pearson: 0.6 }, steps: 20 },
        ],
      },
      { name: "words", kind: "pretrain", dev: { accuracy: 0.25 }, examplesPerSecond: 184 },
    ],
    differing: { folds: [null, 2, null], text: [null, null, "reviews.txt"] },
  });
});

it("a token of the hub is nowhere in what is written", async () => {
  const outcome = await run("--output", "token.html", "runs/first", "--json");
  expect(outcome.code).toBe(0);
  expect(readFileSync(at("token.html"), "utf8")).not.toContain(token);
  expect(outcome.stdout + outcome.stderr).not.toContain(token);
});

it.each([
  [["--output", "x.html"], /the directory of a run is missing: sts-native report --output/],
  [["--output", "runs/first/metrics.jsonl", "runs/first"], /--output: .*ends in \.html, got "/],
  [["--output", "x.html", "runs"], /runs: is not the directory of a run/],
  [["--output", "x.html", "runs/none"], /runs\/none: is not the directory of a run/],
  [["--output", "x.html", "runs/cv", "runs/../runs/cv"], /runs\/\.\.\/runs\/cv: is given twice/],
])("says what is wrong with %j, and writes nothing", async (args, message) => {
  const before = readFileSync(at("runs/first/metrics.jsonl"), "utf8");
  expectMistake(await run(...args), message);
  expect(existsSync(at("x.html"))).toBe(false);
  expect(readFileSync(at("runs/first/metrics.jsonl"), "utf8")).toBe(before);
});

it("a page that cannot be written leaves the old one", async () => {
  writeFileSync(at("old.html"), "old");
  const outcome = await run("--output", "none/old.html", "runs/first");
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
  expect(outcome.stderr).toBe(
    "error: none/old.html: its directory does not exist; create it first.\n",
  );
  expect(readFileSync(at("old.html"), "utf8")).toBe("old");
});

import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { CrossValidationSummary } from "../../lib/training/cross-validation/summary.js";
import { readJson } from "../support/fixtures.js";
import { writeTinyData, writeTinyModel } from "../support/tiny-model.js";
import {
  expectMistake,
  lastLine,
  stsNative,
  temporaryDirectory,
  type RunOptions,
} from "./support.js";

const directory = temporaryDirectory();
const inDirectory = (...parts: string[]) => path.join(directory, ...parts);
const crossval = (args: readonly string[], options: RunOptions = {}) =>
  stsNative(["crossval", ...args], { cwd: directory, ...options });
const basics = (output: string) => [
  ...["--model", "model", "--train", "train.csv", "--output", output, "--folds", "3"],
  ...["--epochs", "2", "--batch-size", "8", "--lr", "1e-3", "--stratified"],
];
const text = (...parts: string[]) => readFileSync(inDirectory(...parts), "utf8");
const outOfFold = (output: string) => text(output, "predictions-oof.csv");

beforeAll(async () => {
  await writeTinyModel(inDirectory("model"), 0.1);
  await writeTinyData(inDirectory("train.csv"), 60);
  await writeTinyData(inDirectory("dev.csv"), 20);
  await crossval([...basics("whole"), "--set", "saveSteps=1"]);
});

it("--json prints the summary as the last line, and stderr tells of every fold", async () => {
  const outcome = await crossval([...basics("json"), "--test", "dev.csv", "--json"]);
  expect(outcome.code).toBe(0);
  expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
  const summary = lastLine(outcome) as CrossValidationSummary;
  expect(summary).toEqual(readJson(inDirectory("json", "summary.json")));
  expect(summary).toMatchObject({ missing: [], outOfFold: { n: 60 }, test: { n: 20 } });
  expect(summary.folds.map(({ n }) => n)).toEqual([20, 20, 20]);
  expect(outcome.stderr).toContain("60 pairs in 3 folds of 20, stratified by label\n");
  for (const fold of [1, 2, 3]) {
    expect(outcome.stderr).toContain(`\nfold ${fold} of 3\n`);
    expect(outcome.stderr).toMatch(new RegExp(`fold ${fold} of 3 is finished: Pearson`));
  }
  expect(outcome.stderr).toMatch(/^out of fold +Pearson .* on 60 pairs$/m);
});

it("--help has the folds beside everything that train takes", async () => {
  const { stdout } = await crossval(["--help"]);
  expect(stdout).toMatch(/--folds .*\[number\] \[default: 5\]/);
  for (const flag of ["stratified", "fold", "join-dev", "loss", "freeze", "resume", "config"]) {
    expect(stdout).toMatch(new RegExp(`^ +--${flag} `, "m"));
  }
});

it("config.yaml repeats it, with every setting", async () => {
  const config = parse(text("whole", "config.yaml")) as object;
  expect(config).toMatchObject({ folds: 3, stratified: true, joinDev: false, loss: "mse" });
  await crossval(["--config", "whole/config.yaml", "--output", "repeated"]);
  expect(outOfFold("repeated")).toBe(outOfFold("whole"));
});

it("without --stratified the folds are others; --stratified false says so too", async () => {
  const args = basics("plain").filter((arg) => arg !== "--stratified");
  const outcome = await crossval([...args, "--stratified", "false", "--fold", "1"]);
  expect(outcome.stderr).toContain("60 pairs in 3 folds of 20\nhere: fold 1\n");
  expect(text("plain", "folds.csv")).not.toBe(text("whole", "folds.csv"));
});

it("machines share the folds, and one brings them together", async () => {
  const save = ["--set", "saveSteps=1"];
  const first = await crossval([...basics("first"), ...save, "--fold", "2"]);
  expect(first.stdout).toMatch(
    /^missing +folds 1, 3: sts-native crossval --resume first --fold 1,3$/m,
  );
  await crossval([...basics("second"), ...save, "--fold", "1,3"]);
  expect(existsSync(inDirectory("second", "fold-2"))).toBe(false);
  for (const fold of ["fold-1", "fold-3"]) {
    cpSync(inDirectory("second", fold), inDirectory("first", fold), { recursive: true });
  }
  const { code, stdout } = await crossval(["--resume", "first"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^out of fold +Pearson/m);
  expect(outOfFold("first")).toBe(outOfFold("whole"));
});

/** Waits until a fold has taken some steps. */
const hasLogged = (output: string, fold: number, steps: number) => {
  const file = inDirectory(output, `fold-${fold}`, "metrics.jsonl");
  return existsSync(file) && readFileSync(file, "utf8").split("\n").length > steps;
};

it("killed in the middle of a fold and resumed, the predictions are the same to the bit", async () => {
  const args = ["crossval", ...basics("killed"), "--set", "saveSteps=1"];
  const bin = path.resolve("bin/sts-native.mjs");
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: directory,
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.on("close", (_, signal) => resolve(signal)));
  const watch = setInterval(() => {
    if (hasLogged("killed", 2, 2)) child.kill("SIGKILL");
  }, 1);
  expect(await ended).toBe("SIGKILL");
  clearInterval(watch);
  expect(existsSync(inDirectory("killed", "fold-3"))).toBe(false);
  const { code, stderr } = await crossval(["--resume", "killed"]);
  expect(code).toBe(0);
  expect(stderr).toContain("fold 2 of 3, begun before\n");
  expect(outOfFold("killed")).toBe(outOfFold("whole"));
});

it("Ctrl-C saves the fold, says how to go on, and ends with 130", async () => {
  const interruptedAt = (line: string, args: string[]) => {
    let sent = false;
    return stsNative(args, {
      cwd: directory,
      onStderr: (stderr, child) => {
        if (!sent && stderr.includes(line)) sent = child.kill("SIGINT");
      },
    });
  };
  const long = basics("stopped").map((arg) => (arg === "2" ? "100000" : arg));
  const first = await interruptedAt("step 5:", ["crossval", ...long, "--fold", "2"]);
  expect(first.code).toBe(130);
  expect(first.stdout).toBe("");
  expect(first.stderr).toMatch(/stopped after step \d+; its weights are in stopped\/fold-2\/last/);
  expect(first.stderr).toContain("To go on with it: sts-native crossval --resume stopped\n");

  const other = ["crossval", "--resume", "stopped", "--fold", "3"];
  const chosen = await interruptedAt("step 5:", other);
  expect(chosen.code).toBe(130);
  expect(chosen.stderr).toContain("sts-native crossval --resume stopped --fold 3\n");

  // A fold is a run like any other.
  const fold = await interruptedAt("going on after", ["train", "--resume", "stopped/fold-2"]);
  expect(fold.stderr).toMatch(/going on after step \d+\n/);
  expect(fold.stderr).toContain("sts-native train --resume stopped/fold-2\n");
});

it("train + dev are joined on request", async () => {
  const joined = ["--dev", "dev.csv", "--join-dev", "--fold", "1", "--epochs", "1"];
  const args = basics("joined").filter((arg) => arg !== "--epochs" && arg !== "2");
  const outcome = await crossval([...args, ...joined]);
  expect(outcome.stderr).toContain("80 pairs in 3 folds of 27 or 26");
});

it.each<[string[], RegExp]>([
  [["--dev", "dev.csv"], /dev is not used: .* set joinDev/],
  [["--fold", "4"], /fold: there is no fold 4 of 3\./],
  [["--fold", "two"], /--fold: expected numbers of folds, such as 2 or 1,3, got "two"/],
  [["--set", "folds=1"], /folds: .*got 1/],
  [["--join-dev", "maybe"], /--join-dev: expected true or false, got "maybe"/],
  [["--set", "heldOutFold.index=1"], /there is no setting "heldOutFold"/],
  [["--resume", "whole"], /--resume .*leave out --model, --train/],
])("%j is one clear mistake", async (flags, message) => {
  const args = basics("refused").filter(
    (arg, i, all) => arg !== "--folds" && all[i - 1] !== "--folds",
  );
  const folds = flags.some((flag) => flag.includes("folds")) ? [] : ["--folds", "3"];
  expectMistake(await crossval([...args, ...folds, ...flags]), message);
  expect(existsSync(inDirectory("refused"))).toBe(false);
});

it("another run is not taken for a cross-validation, nor the other way round", async () => {
  expectMistake(await crossval(["--resume", "whole/fold-1"]), /sts-native train --resume/);
  const train = await stsNative(["train", "--resume", "whole"], { cwd: directory });
  expectMistake(train, /holds a cross-validation.*sts-native crossval --resume whole/);
  expectMistake(await crossval(basics("whole")), /not empty.*crossval --resume whole/);
});

it("data that changed in between are refused", async () => {
  cpSync(inDirectory("train.csv"), inDirectory("own.csv"));
  const args = basics("changed").map((arg) => (arg === "train.csv" ? "own.csv" : arg));
  await crossval([...args, "--fold", "1"]);
  writeFileSync(inDirectory("own.csv"), text("own.csv").replace(/,[\d.]+\n$/, ",3.3\n"));
  expectMistake(
    await crossval(["--resume", "changed", "--fold", "2"]),
    /changed\/fold-1: was begun with other pairs/,
  );
});

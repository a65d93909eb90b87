import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { describeSweep } from "../../lib/cli/sweep-table.js";
import type { SweepSummary } from "../../lib/training/sweep/summary.js";
import { readJson } from "../support/fixtures.js";
import { writeTinyData, writeTinyModel } from "../support/tiny-model.js";
import { rowsOf } from "../training/sweep/support.js";
import {
  expectMistake,
  lastLine,
  stsNative,
  temporaryDirectory,
  type RunOptions,
} from "./support.js";

const directory = temporaryDirectory();
const inDirectory = (...parts: string[]) => path.join(directory, ...parts);
const sweep = (args: readonly string[], options: RunOptions = {}) =>
  stsNative(["sweep", ...args], { cwd: directory, ...options });
const basics = (output: string) => [
  ...["--space", "space.yaml", "--model", "model", "--train", "train.csv", "--dev", "dev.csv"],
  ...["--output", output, "--epochs", "2", "--batch-size", "8"],
];
const text = (...parts: string[]) => readFileSync(inDirectory(...parts), "utf8");
const rows = (output: string) => rowsOf(inDirectory(output));

beforeAll(async () => {
  await writeTinyModel(inDirectory("model"), 0.1);
  await writeTinyData(inDirectory("train.csv"), 40);
  await writeTinyData(inDirectory("dev.csv"), 20);
  const space = [
    ...["method: random", "trials: 3", "fields:"],
    ...["  lr: {min: 1e-4, max: 1e-3, scale: log}", "  loss: [mse, l1 + huber]", ""],
  ];
  writeFileSync(inDirectory("space.yaml"), space.join("\n"));
  await sweep([...basics("whole"), "--test", "dev.csv"]);
});

it("--json prints the summary as the last line, and stderr tells of every trial", async () => {
  const outcome = await sweep([...basics("json"), "--test", "dev.csv", "--json"]);
  expect(outcome.code).toBe(0);
  expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
  const summary = lastLine(outcome) as SweepSummary;
  expect(summary).toEqual(readJson(inDirectory("json", "summary.json")));
  expect(summary).toMatchObject({ method: "random", planned: 3, trials: [{}, {}, {}] });
  expect(outcome.stderr).toContain("3 trials drawn from lr, loss\n");
  for (const trial of [1, 2, 3]) {
    expect(outcome.stderr).toMatch(new RegExp(`^trial ${trial} of 3: lr=[\\d.]+, loss=`, "m"));
    expect(outcome.stderr).toMatch(new RegExp(`^trial ${trial}: Pearson .*; best so far`, "m"));
  }
  expect(outcome.stderr).toMatch(/; about \d+:\d\d left\n/);
  // What every run is about is said of the first alone.
  expect(outcome.stderr.match(/^pairs: train 40/gm)).toHaveLength(1);
});

it("the table has the best trial first, and says how to repeat it", async () => {
  const { stdout } = await sweep(["--resume", "whole"]);
  const { best } = readJson<SweepSummary>(inDirectory("whole", "summary.json"));
  const name = `trial-00${best!.trial}`;
  const pearson = best!.best!.pearson!.toFixed(4);
  expect(stdout).toMatch(/^trial +Pearson +Spearman +test +epochs +time +lr +loss\n/);
  expect(stdout.split("\n")[1]).toMatch(new RegExp(`^${best!.trial} +${pearson} `));
  const lr = JSON.stringify(best!.settings.lr);
  expect(stdout).toMatch(new RegExp(`^settings +lr=${lr}, loss=`, "m"));
  const again = /sts-native (train --config \S+) --output OTHER$/m.exec(stdout)![1]!;
  expect(again).toContain(`whole/${name}/config.yaml`);

  await stsNative([...again.split(" "), "--output", "again"], { cwd: directory });
  expect(text("again", "predictions-dev.csv")).toBe(text("whole", name, "predictions-dev.csv"));
});

it("its directory stands for the best trial's model; weights that were not kept are said so", async () => {
  const { best } = readJson<SweepSummary>(inDirectory("whole", "summary.json"));
  const predict = (model: string) => {
    const args = ["predict", "--model", model, "--data", "dev.csv", "--output", "p.csv"];
    return stsNative(args, { cwd: directory });
  };
  expect(await predict("whole")).toMatchObject({ code: 0 });
  expect(text("p.csv")).toBe(text(best!.output, "predictions-dev.csv"));
  const other = best!.trial === 1 ? "trial-002" : "trial-001";
  expectMistake(await predict(`whole/${other}`), /best: is not there; a sweep keeps .*--config/);
});

it("weights that were not kept are not named as the model to take", () => {
  const summary = readJson<SweepSummary>(inDirectory("whole", "summary.json"));
  const best = { ...summary.best!, output: inDirectory("gone") };
  expect(describeSweep({ ...summary, best })).toMatch(/^model +its weights were not kept$/m);
});

it("--help has the space beside everything that train takes", async () => {
  const { stdout } = await sweep(["--help"]);
  expect(stdout).toMatch(/Required:[^]*--space [^]*Flags:/);
  for (const flag of ["keep", "dev", "loss", "freeze", "resume", "config", "set"]) {
    expect(stdout).toMatch(new RegExp(`^ +--${flag} `, "m"));
  }
});

it("config.yaml repeats it, with every setting and the space", async () => {
  const config = parse(text("whole", "config.yaml")) as object;
  expect(config).toMatchObject({ epochs: 2, keep: 1, space: { method: "random", trials: 3 } });
  await sweep(["--config", "whole/config.yaml", "--output", "repeated"]);
  expect(rows("repeated")).toEqual(rows("whole"));

  const fewer = ["--set", "space.trials=1", "--output", "fewer"];
  await sweep(["--config", "whole/config.yaml", ...fewer]);
  expect(rows("fewer")).toEqual(rows("whole").slice(0, 2));
});

const hasLogged = (output: string, trial: string, steps: number) => {
  const file = inDirectory(output, trial, "metrics.jsonl");
  return existsSync(file) && readFileSync(file, "utf8").split("\n").length > steps;
};

it("killed in the middle of a trial and resumed, trials.csv is the same to the bit", async () => {
  const args = ["sweep", ...basics("killed"), "--test", "dev.csv", "--set", "saveSteps=1"];
  const child = spawn(process.execPath, [path.resolve("bin/sts-native.mjs"), ...args], {
    cwd: directory,
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.on("close", (_, signal) => resolve(signal)));
  const watch = setInterval(() => {
    if (hasLogged("killed", "trial-002", 3)) child.kill("SIGKILL");
  }, 1);
  expect(await ended).toBe("SIGKILL");
  clearInterval(watch);
  expect(rows("killed")).toHaveLength(2);
  expect(existsSync(inDirectory("killed", "trial-003"))).toBe(false);

  const { code, stderr } = await sweep(["--resume", "killed"]);
  expect(code).toBe(0);
  expect(stderr).toContain("1 trial ended before\n");
  expect(stderr).toMatch(/^trial 2 of 3, begun before: lr=/m);
  expect(rows("killed")).toEqual(rows("whole"));
  const left = readdirSync(inDirectory("killed"), { recursive: true }).map(String);
  expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("Ctrl-C saves the trial, says how to go on, and ends with 130", async () => {
  const long = basics("stopped").map((arg) => (arg === "2" ? "100000" : arg));
  let sent = false;
  const { code, stdout, stderr } = await sweep(long, {
    onStderr: (told, child) => {
      if (!sent && told.includes("step 5:")) sent = child.kill("SIGINT");
    },
  });
  expect(code).toBe(130);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/stopped after step \d+; its weights are in stopped\/trial-001\/last/);
  expect(stderr).toContain("To go on with it: sts-native sweep --resume stopped\n");
});

it("halving says its rungs, and where a trial is in them", async () => {
  const space = "{method: halving, candidates: 3, factor: 2, fields: {lr: [1e-3, 1e-4, 1e-5]}}";
  writeFileSync(inDirectory("halving.yaml"), space);
  const args = basics("halving").map((arg) => (arg === "space.yaml" ? "halving.yaml" : arg));
  const { code, stdout, stderr } = await sweep(args);
  expect(code).toBe(0);
  expect(stderr).toContain("3 candidates drawn from lr; 5 trials: 3 × 1 epoch, 2 × 2 epochs\n");
  expect(stderr).toMatch(/^4 of 5: trial \d in rung 2 of 2, 2 epochs: lr=/m);
  expect(stdout).toMatch(/^trial +rung +Pearson/);
  expect(stdout.split("\n")[1]).toMatch(/^\d +2 /);
});

it("without a trial that comes through the exit code is 1, and each failure is told", async () => {
  const space = ["--set", "space={method: grid, fields: {lr: [1e30]}}"];
  const args = basics("failing").slice(2);
  const { code, stdout, stderr } = await sweep([...args, ...space]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/warning: trial 1 failed: Step \d: the loss is NaN/);
  expect(stdout).toMatch(/^trial 1 failed +Step \d: the loss is NaN/m);
  expect(existsSync(inDirectory("failing", "report.html"))).toBe(true);
});

it.each<[string[], string, RegExp]>([
  [[], "", /bad\.yaml: method: expected one of .*; it is missing/],
  [[], "method: random\ntrails: 3\n", /bad\.yaml:2: there is no setting "trails"\. .*"trials"/],
  [[], "method: grid\nfields: {lrr: [1]}", /bad\.yaml: fields\.lrr: .*Did you mean "lr"\?/],
  [[], "method: grid\nfields: {lr: [1, -1]}", /trial 2 \(lr=-1\): lr: .*got -1/],
  [["--set", "space.trials=4"], "", /--set space\.trials=4: .*change it in the file of --space/],
  [["--keep", "some"], "", /--keep: expected a whole number/],
  [["--resume", "whole"], "", /--resume .*leave out --model, .*--space/],
])("%j with the space %j is one clear mistake", async (flags, space, message) => {
  writeFileSync(inDirectory("bad.yaml"), space);
  const args = basics("refused").map((arg) => (arg === "space.yaml" ? "bad.yaml" : arg));
  expectMistake(await sweep([...args, ...flags]), message);
  expect(existsSync(inDirectory("refused"))).toBe(false);
});

it("what is searched need not be given; what is missing is named", async () => {
  writeFileSync(inDirectory("models.yaml"), "{method: grid, fields: {model: [model, ./none]}}");
  const args = ["--space", "models.yaml", "--train", "train.csv", "--output", "refused"];
  expectMistake(await sweep(args), /trial 2 \(model=\.\/none\): .*no such directory/);
  expectMistake(await sweep(args.slice(2)), /missing: --model .*, --space/);
  expectMistake(await sweep(args.slice(0, 2)), /missing: --train .*, --output/);
  expectMistake(await sweep(["--space", "none.yaml"]), /none\.yaml: no such file/);
});

it("another run is not taken for a sweep, nor the other way round", async () => {
  expectMistake(await sweep(["--resume", "whole/trial-001"]), /sts-native train --resume/);
  const train = await stsNative(["train", "--resume", "whole"], { cwd: directory });
  expectMistake(train, /holds a sweep.*sts-native sweep --resume whole/);
  expectMistake(await sweep(basics("whole")), /not empty.*sweep --resume whole/);
});

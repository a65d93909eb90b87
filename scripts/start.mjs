// From a fresh clone to a trained model: sets up, trains on the sample data, evaluates, predicts.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { SetupProblem, setUp } from "./bootstrap/index.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = "runs/sample";
const best = `${run}/best`;
const predictions = `${run}/predictions-unlabelled.csv`;

const train = [
  "train",
  ...["--model", "models/mini"],
  ...["--train", "data/sample/train.csv"],
  ...["--dev", "data/sample/dev.csv"],
  ...["--test", "data/sample/test.csv"],
  ...["--output", run],
  // The toy is small: it takes a higher learning rate and more epochs than a real encoder.
  ...["--lr", "3e-4", "--epochs", "10"],
];
const evaluate = ["evaluate", "--model", best, "--data", "data/sample/test.csv"];
const predict = [
  "predict",
  ...["--model", best],
  ...["--data", "data/sample/test-unlabelled.csv"],
  ...["--output", predictions],
];

try {
  await setUp();
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exit(error.exitCode);
}

// Ctrl-C is for the training, which then saves and says how to go on.
process.on("SIGINT", () => {});

if (existsSync(`${root}/${run}/summary.json`)) {
  console.log(`\n${run} is trained already. To train afresh: rm -r ${run} && npm start`);
} else {
  // What an interrupted run has left: this directory is the demonstration's own.
  rmSync(`${root}/${run}`, { recursive: true, force: true });
  stsNative(train);
}
stsNative(evaluate);
stsNative(predict);
console.log(`
The trained model is in ${best}, its predictions are in ${predictions}.
What next:
  npx sts-native similarity --model ${best} "배송이 정말 빨라요." "빠르게 도착했습니다."
  npx sts-native train --help        every setting
  npx sts-native doctor              this machine, libtorch, threads and devices
Your own data: a CSV with the columns of data/sample/train.csv, named with --train.`);

/** Runs the command line as a user would, and ends with its exit code when it fails. */
function stsNative(/** @type {string[]} */ args) {
  console.log(`\n$ npx sts-native ${args.join(" ")}`);
  const { status } = spawnSync(process.execPath, ["bin/sts-native.mjs", ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

// Kills trainings at random moments, resumes them, and compares what they come to with a training
// that nothing disturbed, bit for bit.
//
//   npm run build:ts && npm run test:kill [-- KILLS]
//
// KILLS defaults to 40. Trains the embedded model on the sample. Exits with 1 at a difference.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const kills = Number(process.argv[2] ?? 40);
if (!Number.isInteger(kills) || kills < 1) throw new Error("expected the number of kills");

const root = fileURLToPath(new URL("..", import.meta.url));
const directory = mkdtempSync(path.join(tmpdir(), "sts-kill-"));
const settings = [
  ...["--model", path.join(root, "models/mini"), "--output", "run"],
  ...["--train", path.join(root, "data/sample/dev.csv")],
  ...["--dev", path.join(root, "data/sample/test.csv")],
  ...["--test", path.join(root, "data/sample/test-unlabelled.csv")],
  ...["--epochs", "2", "--batch-size", "4", "--lr", "1e-3", "--loss", "mse + r-drop"],
  ...["--set", "average=ema", "--set", "emaDecay=0.9", "--set", "saveLimit=2"],
  // Much of the time goes into writing, the moments that matter.
  ...["--set", "evalSteps=3", "--set", "saveSteps=2"],
];

/** Where a run was when it was killed, and how often. */
const moments = {
  "before it began": 0,
  "before the first save": 0,
  later: 0,
  "after the last step": 0,
};
let left = kills;
let [runs, differences, leftBehind, places, steps] = [0, 0, 0, 0, 0];

try {
  const begin = performance.now();
  const expected = await undisturbed();
  const duration = performance.now() - begin;
  while (left > 0) {
    const differing = compare(await killedAndResumed(duration), expected);
    if (differing.length > 0) differences++;
    for (const name of differing) console.log(`run ${runs}: ${name} differs`);
  }
  console.log(`${kills} kills in ${runs} runs, of which ${differences} came to something else`);
  console.log(`temporary files that kills left and that resuming removed: ${leftBehind}`);
  console.log(
    Object.entries(moments)
      .map(([moment, count]) => `${moment}: ${count}`)
      .join(", "),
  );
  process.exitCode = differences === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

async function undisturbed() {
  const place = newPlace();
  await start(place, ["train", ...settings]).ended;
  steps = stepsLoggedIn(path.join(place, "run"));
  return resultOf(path.join(place, "run"));
}

/** Kills and resumes until the run ends. */
async function killedAndResumed(/** @type {number} */ duration) {
  runs++;
  const place = newPlace();
  const run = path.join(place, "run");
  while (!existsSync(path.join(run, "summary.json"))) {
    const { child, ended } = start(place, argumentsFor(run));
    const timer = new AbortController();
    const moment = setTimeout(Math.random() * 0.6 * duration, true, { signal: timer.signal });
    const isOver = await Promise.race([ended.then(() => false), left > 0 ? moment : ended]);
    timer.abort();
    moment.catch(() => {});
    if (!isOver || left === 0) continue;
    child.kill("SIGKILL");
    const wasKilled = await ended.then(
      () => false,
      () => true,
    );
    if (!wasKilled) continue;
    left--;
    moments[momentOf(run)]++;
    leftBehind += existsSync(run) ? filesIn(run).filter(isTemporary).length : 0;
  }
  return resultOf(run);
}

/** A run that has a configuration is resumed; one that was killed before is started anew. */
function argumentsFor(/** @type {string} */ run) {
  const config = path.join(run, "config.yaml");
  if (existsSync(config) && readFileSync(config).length > 0) return ["train", "--resume", "run"];
  rmSync(run, { recursive: true, force: true });
  return ["train", ...settings];
}

/** `ended` fails unless the command succeeds. */
function start(/** @type {string} */ cwd, /** @type {string[]} */ args) {
  const child = spawn(process.execPath, [path.join(root, "bin/sts-native.mjs"), ...args], {
    cwd,
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(undefined);
      const failure = new Error(`sts-native ${args.join(" ")}: ${signal ?? code}\n${stderr}`);
      // A kill is expected; anything else ends the script.
      if (signal === "SIGKILL") return reject(failure);
      console.error(failure.message);
      process.exit(1);
    });
  });
  return { child, ended };
}

function newPlace() {
  const place = path.join(directory, String(places++));
  mkdirSync(place);
  return place;
}

function momentOf(/** @type {string} */ run) {
  if (!existsSync(path.join(run, "metrics.jsonl"))) return "before it began";
  if (!existsSync(path.join(run, "resume.safetensors"))) return "before the first save";
  return stepsLoggedIn(run) === steps ? "after the last step" : "later";
}

function stepsLoggedIn(/** @type {string} */ run) {
  const log = readFileSync(path.join(run, "metrics.jsonl"), "utf8");
  return log.match(/"event":"step"/g)?.length ?? 0;
}

function filesIn(/** @type {string} */ run) {
  return readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(run, path.join(entry.parentPath, entry.name)));
}

function isTemporary(/** @type {string} */ name) {
  return name.includes(".sts-");
}

/** Every file of a run by its name, without how long things took. */
function resultOf(/** @type {string} */ run) {
  return new Map(
    filesIn(run).map((name) => [
      name.replace(/tfevents\.\d+/, "tfevents"),
      contentsOf(path.join(run, name)),
    ]),
  );
}

function contentsOf(/** @type {string} */ file) {
  const bytes = readFileSync(file);
  if (file.endsWith("resume.safetensors")) {
    // Its header holds the time that training took; the tensors follow.
    return digest(bytes.subarray(8 + Number(bytes.readBigUInt64LE())));
  }
  if (file.includes("tfevents")) return digest(withoutTimes(bytes));
  if (!/\.(json|jsonl)$/.test(file)) return digest(bytes);
  return digest(Buffer.from(bytes.toString().replace(/"pairsPerSecond": ?[\d.e+-]+/g, "")));
}

/** The records of an event file: a time of 8 bytes begins each, and the speed follows its tag. */
function withoutTimes(/** @type {Buffer} */ bytes) {
  const tag = "train/pairs_per_second";
  const records = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const record = Buffer.from(bytes.subarray(at + 12, at + 12 + length)).fill(0, 1, 9);
    const end = record.indexOf(tag) + tag.length;
    if (end >= tag.length) record.fill(0, end, end + 5);
    records.push(record);
    at += length + 16;
  }
  return Buffer.concat(records);
}

function digest(/** @type {Buffer} */ bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The names of the files that differ, or that only one has. */
function compare(
  /** @type {Map<string, string>} */ actual,
  /** @type {Map<string, string>} */ expected,
) {
  const names = new Set([...actual.keys(), ...expected.keys()]);
  return [...names].filter((name) => actual.get(name) !== expected.get(name));
}

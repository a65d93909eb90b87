/**
 * Trains a small random encoder on KorSTS with one technique after the other and writes the table of
 * docs/techniques.md: Pearson on dev, mean and spread over seeds, the processor time and the memory.
 *
 *   npm run techniques -- KORSTS TOKENIZER TEXT WORK [--seeds 3] [--epochs 2] [--jobs 2] [--only NAME]
 *
 * KORSTS holds sts-train.tsv and sts-dev.tsv; TOKENIZER is a directory with config.json and a
 * tokenizer; TEXT is plain text for the pre-training; WORK gets the runs, and what is done there
 * already is not done again. Each run is a process of its own with one thread.
 */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { runOne } from "./run-one.mjs";
import { techniques } from "./list.mjs";
import { writeTable } from "./table.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "3" },
    epochs: { type: "string", default: "2" },
    jobs: { type: "string", default: "2" },
    only: { type: "string" },
    one: { type: "string" },
  },
});

if (values.one) await runOne(JSON.parse(values.one));
else await main();

async function main() {
  const [data, tokenizer, text, work] = positionals.map((item) => path.resolve(item));
  if (!work) throw new Error("Give KORSTS TOKENIZER TEXT WORK; see the top of this file.");
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
  mkdirSync(work, { recursive: true });
  const setting = { data, text, work, epochs: Number(values.epochs) };
  const chosen = techniques.filter(({ name }) => !values.only || name.includes(values.only));
  // Seeds from outside in: an interruption leaves a table of fewer seeds, not of fewer rows.
  const tasks = seeds.flatMap((seed) => chosen.map((technique) => ({ technique, seed })));
  const jobs = Number(values.jobs);
  await inParallel(seeds, jobs, async (seed) => {
    makeEncoder(tokenizer, path.join(work, `encoder-${seed}`));
    await inProcess({ ...setting, seed });
  });
  await inParallel(tasks, jobs, ({ technique, seed }) => runTechnique(setting, technique, seed));
  writeTable(work, techniques, seeds);
}

/** A directory from which pre-training makes a random encoder of 4 layers × 128. */
function makeEncoder(tokenizer, directory) {
  if (existsSync(directory)) return;
  cpSync(tokenizer, directory, { recursive: true });
  const file = path.join(directory, "config.json");
  const config = {
    ...JSON.parse(readFileSync(file, "utf8")),
    ...{ hidden_size: 128, num_hidden_layers: 4, num_attention_heads: 4, intermediate_size: 512 },
  };
  writeFileSync(file, JSON.stringify(config, null, 2));
}

async function inParallel(tasks, jobs, run) {
  const queue = [...tasks];
  const worker = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) await run(task);
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

async function runTechnique(setting, technique, seed) {
  const output = path.join(setting.work, `${technique.name}-${seed}`);
  const result = path.join(setting.work, `${technique.name}-${seed}.json`);
  if (existsSync(result)) return;
  rmSync(output, { recursive: true, force: true });
  await inProcess({ ...setting, technique, seed, output, result });
}

async function inProcess(task) {
  const child = spawn(process.execPath, [import.meta.filename, "--one", JSON.stringify(task)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1" },
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${JSON.stringify(task)}: ended with ${code}.`);
}

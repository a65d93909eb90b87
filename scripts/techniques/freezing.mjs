/**
 * What partial freezing saves: the processor time of a training step, on one thread, and the peak
 * memory of the process, for a random RoBERTa of LAYERS × 768, 16 pairs of KorSTS a step.
 *
 *   npm run techniques:freezing -- KORSTS TOKENIZER WORK [--layers 6] [--steps 12] [--rounds 3]
 *
 * TOKENIZER is a directory with config.json and a tokenizer. The settings take turns, each in a
 * process of its own; the medians go between the marks of docs/techniques.md.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { MaskedLanguageModel, StsError, Trainer } from "../../dist/index.js";
import { median, replaceBetweenMarks } from "./page.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layers: { type: "string", default: "6" },
    steps: { type: "string", default: "12" },
    rounds: { type: "string", default: "3" },
    one: { type: "string" },
  },
});

const settings = ["none", "1/3", "2/3", "1/1"];

if (values.one) await measure(JSON.parse(values.one));
else await main();

async function main() {
  const [data, tokenizer, work] = positionals.map((item) => path.resolve(item));
  if (!work) throw new Error("Give KORSTS TOKENIZER WORK; see the top of this file.");
  const model = await randomModel(tokenizer, path.join(work, `layers-${values.layers}`));
  const results = new Map(settings.map((freeze) => [freeze, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const freeze of settings) {
      const output = path.join(work, "run");
      rmSync(output, { recursive: true, force: true });
      const task = { data, model, output, freeze, steps: Number(values.steps) };
      const { stdout, status } = spawnSync(
        process.execPath,
        [import.meta.filename, "--one", JSON.stringify(task)],
        {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "inherit"],
          env: { ...process.env, OMP_NUM_THREADS: "1" },
        },
      );
      if (status !== 0) throw new Error(`freeze ${freeze}: ended with ${status}.`);
      results.get(freeze).push(JSON.parse(stdout));
    }
  }
  const table = toTable(results);
  replaceBetweenMarks("docs/techniques.md", "freezing", table);
  console.log(table);
}

async function randomModel(tokenizer, directory) {
  const model = path.join(directory, "model");
  if (existsSync(model)) return model;
  mkdirSync(directory, { recursive: true });
  cpSync(tokenizer, directory, { recursive: true });
  const file = path.join(directory, "config.json");
  const config = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...config, num_hidden_layers: Number(values.layers) }));
  const network = await MaskedLanguageModel.load(directory, { fromScratch: true });
  await network.save(model);
  network.dispose();
  return model;
}

/** Not the time that passes, which depends on what else the machine does. */
function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Prints the median processor time of a step and the peak memory. */
async function measure({ data, model, output, freeze, steps }) {
  const abort = new AbortController();
  const seconds = [];
  let peak = 0;
  let last = 0;
  const onStep = ({ step }) => {
    const now = processorSeconds();
    // The first steps are slower: memory is asked for and operators choose their kernels.
    if (step > 2) seconds.push(now - last);
    last = now;
    // Before the run is saved, which is not the step's.
    peak = process.resourceUsage().maxRSS / 1000;
    if (step === steps) abort.abort();
  };
  await new Trainer(
    {
      ...{ model, output, freeze, maxLength: 128 },
      train: path.join(data, "sts-train.tsv"),
      dev: path.join(data, "sts-dev.tsv"),
    },
    { signal: abort.signal, callbacks: { onStep } },
  )
    .train()
    .catch((error) => {
      if (!(error instanceof StsError) || error.code !== "ABORTED") throw error;
    });
  console.log(JSON.stringify({ seconds: median(seconds), megabytes: peak }));
}

function toTable(results) {
  const of = (freeze, key) => median(results.get(freeze).map((result) => result[key]));
  const rows = settings.map((freeze) => {
    const [seconds, megabytes] = [of(freeze, "seconds"), of(freeze, "megabytes")];
    const share = (value, key) => `${Math.round((100 * value) / of("none", key))} %`;
    return (
      `| \`${freeze}\` | ${seconds.toFixed(2)} s | ${share(seconds, "seconds")} | ` +
      `${megabytes.toFixed(0)} MB | ${share(megabytes, "megabytes")} |`
    );
  });
  return [
    `RoBERTa, ${values.layers} layers × 768, batch 16, fp32, processor time on one thread, medians of ${values.rounds} runs ` +
      "(`npm run techniques:freezing`):",
    "",
    "| freeze | a step | of none | peak memory | of none |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Pretrainer, Trainer } from "../../dist/index.js";

const common = { maxLength: 64, batchSize: 16, lr: 5e-4, weightDecay: 0.01 };

/** Trains one technique with one seed and writes what came of it; without one, makes encoders. */
export async function runOne({ data, text, work, epochs, technique, seed, output, result }) {
  const encoder = path.join(work, `encoder-${seed}`);
  const random = await randomEncoder(encoder, text, seed);
  const pretrained = await pretrainedEncoder(encoder, text, seed);
  if (!technique) return;
  const start = technique.pretrain ? pretrained : random;
  const { members } = technique;
  const model = members
    ? { members: Array.from({ length: members }, () => start) }
    : { model: start };
  const begin = processorSeconds();
  const summary = await new Trainer({
    ...{ ...model, ...common, ...technique.settings, epochs, seed, output },
    train: path.join(data, "sts-train.tsv"),
    dev: path.join(data, "sts-dev.tsv"),
  }).train();
  // Not the time that passed, which depends on what else the machine does.
  const seconds = processorSeconds() - begin;
  const megabytes = process.resourceUsage().maxRSS / 1000;
  const { best } = summary;
  writeFileSync(result, JSON.stringify({ pearson: best.pearson, seconds, megabytes }));
  console.log(
    `${technique.name}, seed ${seed}: ${best.pearson?.toFixed(4)} in ${seconds.toFixed(0)} s`,
  );
}

function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Random weights, drawn by a pre-training that learns next to nothing. */
const randomEncoder = (encoder, text, seed) =>
  pretrain(`${encoder}-random`, { model: encoder, weights: "random", seed, lr: 1e-12 }, text, 64);

const pretrainedEncoder = (encoder, text, seed) =>
  pretrain(`${encoder}-pretrained`, { model: encoder, weights: "random", seed, lr: 1e-3 }, text);

async function pretrain(output, settings, text, lines = Infinity) {
  const model = path.join(output, "best");
  if (existsSync(path.join(output, "summary.json"))) return model;
  const part = `${output}.txt`;
  writeFileSync(part, readFileSync(text, "utf8").split("\n").slice(0, lines).join("\n"));
  await new Pretrainer({ ...settings, text: part, output, maxLength: 64 }).train();
  return model;
}

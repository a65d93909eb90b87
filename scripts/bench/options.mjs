import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

/** Something that whoever runs the benchmark has to change. */
export class BenchProblem extends Error {}

const root = path.resolve(import.meta.dirname, "../..");
const shared = path.join(root, "../shared");

/** By job: the precisions that it can be measured in, and its defaults. */
const jobs = {
  train: { precisions: ["fp32", "bf16"], layers: 6, batchSize: 16 },
  predict: { precisions: ["fp32", "bf16", "int8"], layers: 6, batchSize: 32 },
  startup: { precisions: ["fp32"], layers: 6, batchSize: 32 },
  growth: { precisions: ["fp32"], layers: 2, batchSize: 16 },
};

const flags = {
  /** Insists on the peers, which are measured wherever STS_PEERS_PYTHON is set. */
  peers: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  precision: { type: "string", default: "fp32" },
  layers: { type: "string" },
  "batch-size": { type: "string" },
  /** Alternating runs of each, whose medians count. */
  runs: { type: "string", default: "5" },
  /** Steps that are measured in a training, after as many that are not. */
  steps: { type: "string", default: "50" },
  "warm-up": { type: "string", default: "5" },
  /** Pairs that are predicted in batches, and one at a time. */
  pairs: { type: "string", default: "512" },
  singles: { type: "string", default: "200" },
  /** Numbers of pairs that growth is measured at. */
  sizes: { type: "string", default: "1000,10000,100000" },
  /** Labelled pairs, TSV with a header, and a directory with config.json and a tokenizer. */
  data: { type: "string", default: path.join(shared, "data/korsts/sts-train.tsv") },
  tokenizer: { type: "string", default: path.join(shared, "tokenizers/klue-roberta-base") },
  /** Gets the models that are measured, which are made once. */
  work: { type: "string", default: path.join(root, "runs/bench") },
};

/**
 * Reads the command line.
 * @throws {BenchProblem}
 */
export function readOptions(args, env) {
  const { values, positionals } = parse(args);
  const [job, ...others] = positionals;
  if (!(job in jobs) || others.length > 0) {
    throw new BenchProblem(`expected one of ${Object.keys(jobs).join(", ")}, got ${positionals}.`);
  }
  const { precisions, layers, batchSize } = jobs[job];
  if (!precisions.includes(values.precision)) {
    const expected = precisions.join(", ");
    throw new BenchProblem(`--precision of ${job}: one of ${expected}, got ${values.precision}.`);
  }
  const python = env.STS_PEERS_PYTHON || null;
  if (values.peers && python === null) {
    throw new BenchProblem(
      "--peers: STS_PEERS_PYTHON has to be a Python with scripts/bench/peers/requirements.txt.",
    );
  }
  return {
    ...{ job, python, json: values.json, precision: values.precision },
    layers: whole("layers", values.layers ?? `${layers}`),
    batchSize: whole("batch-size", values["batch-size"] ?? `${batchSize}`),
    rounds: whole("runs", values.runs),
    steps: whole("steps", values.steps),
    warmUp: whole("warm-up", values["warm-up"]),
    pairs: whole("pairs", values.pairs),
    singles: whole("singles", values.singles),
    sizes: values.sizes.split(",").map((size) => whole("sizes", size)),
    data: existing("data", values.data),
    tokenizer: existing("tokenizer", values.tokenizer),
    work: path.resolve(values.work),
  };
}

function parse(args) {
  try {
    return parseArgs({ args, allowPositionals: true, options: flags });
  } catch (error) {
    throw new BenchProblem(error.message);
  }
}

function whole(name, text) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new BenchProblem(`--${name}: expected a whole number above 0, got ${text}.`);
}

function existing(name, file) {
  if (existsSync(file)) return path.resolve(file);
  throw new BenchProblem(`--${name}: ${file} does not exist.`);
}

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Random, Tokenizer, loadPairs } from "../../dist/index.js";
import { ours, runCommand } from "./alternate.mjs";
import { BenchProblem } from "./options.mjs";

/** Tokens of a pair at most. */
export const maxLength = 128;

/** Of the weights, of the order of the pairs, and the trainings' own. */
export const seed = 42;

/** An empty directory for what the runs write. */
export function prepareRuns(work) {
  mkdirSync(work, { recursive: true });
  return mkdtempSync(path.join(work, "runs-"));
}

/**
 * A cross-encoder with random weights, of which both sides read the same file.
 * @param changes of the tokenizer's config.json
 */
export async function prepareModel({ tokenizer, work }, changes) {
  const own = JSON.parse(readFileSync(path.join(tokenizer, "config.json"), "utf8"));
  const config = JSON.stringify({ ...own, ...changes });
  const key = createHash("sha256").update(config).digest("hex").slice(0, 8);
  const name = `${path.basename(tokenizer)}-${changes.num_hidden_layers}-${key}`;
  const directory = path.join(work, name);
  const model = path.join(directory, "model");
  if (!existsSync(path.join(model, "model.safetensors"))) {
    cpSync(tokenizer, directory, { recursive: true });
    writeFileSync(path.join(directory, "config.json"), config);
    await runCommand(ours("make-model.mjs", { directory, model, seed }));
  }
  return { model, config: JSON.parse(config) };
}

/** All labelled pairs of a file, in an order that is the same each time. */
export async function loadShuffled(data) {
  const { pairs } = await loadPairs(data, { labels: "required" });
  return new Random(seed).shuffle(pairs);
}

/** The first pairs; of a file that has fewer, pairs that are put together anew, none twice. */
export function takePairs(pairs, count) {
  if (count > pairs.length ** 2) {
    throw new BenchProblem(`--data has only ${pairs.length} pairs, for ${count} to be measured.`);
  }
  return Array.from({ length: count }, (_, i) => {
    const { sentence1, label } = pairs[i % pairs.length];
    const turn = Math.floor(i / pairs.length);
    return { sentence1, sentence2: pairs[(i + turn) % pairs.length].sentence2, label };
  });
}

/** The order in which our Trainer goes through so many pairs in its first epoch. */
export const visitingOrder = (count) => new Random(seed).shuffle([...Array(count).keys()]);

/** Tokens of each pair as the model reads it. */
export async function lengthsOf(model, pairs) {
  const tokenizer = await Tokenizer.load(model);
  return pairs.map(
    ({ sentence1, sentence2 }) => tokenizer.encodePair(sentence1, sentence2, maxLength).ids.length,
  );
}

export function writePairs(file, pairs) {
  writeFileSync(
    file,
    pairs
      .map(
        ({ sentence1, sentence2, label }) => `${JSON.stringify({ sentence1, sentence2, label })}\n`,
      )
      .join(""),
  );
  return file;
}

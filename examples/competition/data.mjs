import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadPairs } from "../../dist/index.js";
import { stsNative } from "./command.mjs";

/** The sample of this repository and its toy model. */
export const sample = () => ({
  train: "data/sample/train.csv",
  dev: "data/sample/dev.csv",
  test: "data/sample/test.csv",
  encoder: "models/mini",
  match: "id",
  training: ["--lr", "3e-4", "--epochs", "3"],
});

/** KorSTS, and an encoder of 4 layers × 128 that has read its training sentences and nothing else. */
export async function korsts({ directory, tokenizer, work }) {
  if (!tokenizer) throw new Error("Give KORSTS and TOKENIZER; see the top of main.mjs.");
  const file = (set) => path.join(directory, `sts-${set}.tsv`);
  const train = file("train");
  return {
    train,
    dev: file("dev"),
    test: file("test"),
    encoder: await makeEncoder(train, tokenizer, path.join(work, "encoder")),
    // Its ids repeat.
    match: "order",
    training: ["--lr", "5e-4", "--epochs", "2", "--max-length", "64"],
  };
}

const shape = {
  hidden_size: 128,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 512,
};

async function makeEncoder(train, tokenizer, directory) {
  const run = `${directory}-pretrained`;
  const model = path.join(run, "best");
  if (existsSync(path.join(run, "config.yaml"))) {
    stsNative("pretrain", "--resume", run);
    return model;
  }
  cpSync(tokenizer, directory, { recursive: true });
  const config = path.join(directory, "config.json");
  const values = { ...JSON.parse(readFileSync(config, "utf8")), ...shape };
  writeFileSync(config, JSON.stringify(values, null, 2));
  const { pairs } = await loadPairs(train, { labels: "ignored" });
  const sentences = pairs.flatMap(({ sentence1, sentence2 }) => [sentence1, sentence2]);
  const text = `${directory}.txt`;
  writeFileSync(text, `${[...new Set(sentences)].join("\n")}\n`);
  stsNative(
    ...["pretrain", "--model", directory, "--weights", "random", "--text", text],
    ...["--lr", "1e-3", "--max-length", "64", "--output", run],
  );
  return model;
}

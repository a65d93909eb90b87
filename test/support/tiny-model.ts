import { copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fixture, readJson } from "./fixtures.js";

const words = Array.from(
  "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호",
);
const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...words];

/**
 * A BERT of 2 layers × 32 with random weights and a tokenizer that knows some syllables, as a
 * directory that everything loads. Dropout is off unless asked for.
 */
export async function writeTinyModel(directory: string, dropout = 0): Promise<void> {
  const source = fixture("encoders/bert");
  await mkdir(directory, { recursive: true });
  await copyFile(`${source}/model.safetensors`, path.join(directory, "model.safetensors"));
  const config = {
    ...readJson<object>(`${source}/config.json`),
    hidden_dropout_prob: dropout,
    attention_probs_dropout_prob: dropout,
  };
  await writeFile(path.join(directory, "config.json"), JSON.stringify(config));
  await writeFile(path.join(directory, "vocab.txt"), `${vocabulary.join("\n")}\n`);
  await writeFile(
    path.join(directory, "tokenizer_config.json"),
    JSON.stringify({ do_lower_case: false, tokenizer_class: "BertTokenizer" }),
  );
}

/** Pairs of syllables; the label is 5 for the same, else the share of shared syllables × 4. */
export function tinyPairs(count: number): { pair: [string, string]; label: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const at = (k: number) => words[(i * 7 + k * 5) % words.length]!;
    const first = [at(0), at(1), at(2), at(3)].slice(0, 1 + (i % 4));
    const second = first.map((word, k) => ((i >> k) % 3 === 0 ? at(k + 9) : word));
    const shared = first.filter((word, k) => second[k] === word).length / first.length;
    return { pair: [first.join(" "), second.join(" ")], label: shared === 1 ? 5 : shared * 4 };
  });
}

/** A data file of such pairs. */
export async function writeTinyData(file: string, count: number): Promise<void> {
  const rows = tinyPairs(count).map(
    ({ pair, label }, i) => `row-${i},${pair[0]},${pair[1]},${label}`,
  );
  await writeFile(file, ["id,sentence_1,sentence_2,label", ...rows, ""].join("\n"));
}

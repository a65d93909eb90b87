import path from "node:path";

import type { ModuleList } from "./module-list.js";
import { weightFiles } from "./open.js";

/** Beside the weights. */
const besideWeights = [
  "config.json",
  "sts_config.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "tokenizer.json",
  "vocab.txt",
];

/** What sentence-transformers calls the description of a sentence encoder's Transformer. */
export const transformerModuleFiles = [
  "sentence_bert_config.json",
  "sentence_roberta_config.json",
  "sentence_xlm-roberta_config.json",
];

/** Says of a whole model what its modules cannot. */
export const sentenceTransformersFile = "config_sentence_transformers.json";

/** Where a repository keeps what a model needs, by names within the repository. */
export type ModelFiles = {
  /** The directory of the encoder; empty for the repository's own. */
  encoder: string;
  /** What there cannot be a model without. */
  config: string;
  /** The weights: the first that is there is taken. */
  weights: readonly string[];
  /** Everything else, as far as it is there. */
  others: readonly string[];
};

/** @param modules of a model of sentence-transformers; null where it is one of transformers */
export function modelFiles(modules: ModuleList | null): ModelFiles {
  const [encoder = "", ...others] = (modules ?? []).map((module) => module.path);
  const within = (directory: string, names: readonly string[]) =>
    names.map((name) => path.posix.join(directory, name));
  const [config = "", ...descriptions] = within(encoder, besideWeights);
  const ofModules = [
    sentenceTransformersFile,
    ...within(encoder, transformerModuleFiles),
    ...others.flatMap((other) => within(other, ["config.json", ...weightFiles])),
  ];
  return {
    encoder,
    config,
    weights: within(encoder, weightFiles),
    others: [...descriptions, ...(modules ? ["sts_config.json", ...ofModules] : [])],
  };
}

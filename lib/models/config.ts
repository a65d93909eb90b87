import { readFile } from "node:fs/promises";
import path from "node:path";
import { StsError, describe } from "../foundation/errors.js";

/** A `config.json`, kept whole, so that a saved model says all that its source did. */
export type HuggingFaceConfig = {
  /** Its path, for messages. */
  file: string;
  values: Readonly<Record<string, unknown>>;
};

/** The shape of a BERT-like encoder, in the terms of `config.json`. */
export type EncoderConfig = {
  vocabSize: number;
  hiddenSize: number;
  embeddingSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  intermediateSize: number;
  maxPositionEmbeddings: number;
  typeVocabSize: number;
  padTokenId: number;
  layerNormEps: number;
  initializerRange: number;
  hiddenAct: string;
  hiddenDropoutProb: number;
  attentionProbsDropoutProb: number;
  /** Before the head's layers; the hidden dropout where the configuration gives none. */
  classifierDropout: number;
};

/** What transformers assumes where `config.json` is silent. */
export type ConfigDefaults = Pick<
  EncoderConfig,
  | "vocabSize"
  | "hiddenSize"
  | "numHiddenLayers"
  | "numAttentionHeads"
  | "intermediateSize"
  | "padTokenId"
> & { embeddingSize?: number };

const activations = ["gelu", "gelu_new", "relu", "silu"];

/** Reads `config.json` of a model directory. */
export async function readConfig(directory: string): Promise<HuggingFaceConfig> {
  const file = path.join(directory, "config.json");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new StsError(
      "NOT_FOUND",
      `${file}: cannot be read. A model is a directory with config.json, weights and a tokenizer.`,
      { cause },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StsError("CHECKPOINT_CORRUPT", `${file}: is not valid JSON.`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new StsError("CHECKPOINT_CORRUPT", `${file}: expected an object.`);
  }
  return { file, values: value as Record<string, unknown> };
}

/** The encoder's shape out of `config.json`, with the family's defaults. Names the key at fault. */
export function parseEncoderConfig(
  config: HuggingFaceConfig,
  defaults: ConfigDefaults,
): EncoderConfig {
  const positive = (key: string, otherwise: number) => integer(config, key, otherwise, 1);
  const hiddenSize = positive("hidden_size", defaults.hiddenSize);
  const hiddenDropoutProb = probability(config, "hidden_dropout_prob", 0.1);
  const parsed: EncoderConfig = {
    vocabSize: positive("vocab_size", defaults.vocabSize),
    hiddenSize,
    embeddingSize:
      defaults.embeddingSize === undefined
        ? hiddenSize
        : positive("embedding_size", defaults.embeddingSize),
    numHiddenLayers: positive("num_hidden_layers", defaults.numHiddenLayers),
    numAttentionHeads: positive("num_attention_heads", defaults.numAttentionHeads),
    intermediateSize: positive("intermediate_size", defaults.intermediateSize),
    maxPositionEmbeddings: positive("max_position_embeddings", 512),
    typeVocabSize: positive("type_vocab_size", 2),
    padTokenId: integer(config, "pad_token_id", defaults.padTokenId, 0),
    layerNormEps: number(config, "layer_norm_eps", 1e-12, 0, 1),
    initializerRange: number(config, "initializer_range", 0.02, 0, 10),
    hiddenAct: activation(config),
    hiddenDropoutProb,
    attentionProbsDropoutProb: probability(config, "attention_probs_dropout_prob", 0.1),
    classifierDropout: probability(config, "classifier_dropout", hiddenDropoutProb),
  };
  if (hiddenSize % parsed.numAttentionHeads !== 0) {
    throw corrupt(
      config,
      "num_attention_heads",
      `a divisor of hidden_size ${hiddenSize}`,
      parsed.numAttentionHeads,
    );
  }
  requireAbsolutePositions(config);
  return parsed;
}

function activation(config: HuggingFaceConfig): string {
  const value = config.values.hidden_act ?? "gelu";
  const name = value === "swish" ? "silu" : value;
  if (typeof name === "string" && activations.includes(name)) return name;
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${config.file}: hidden_act ${describe(value)} is not supported; supported are ${activations.join(", ")}.`,
  );
}

function requireAbsolutePositions(config: HuggingFaceConfig): void {
  const type = config.values.position_embedding_type ?? "absolute";
  if (type === "absolute") return;
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${config.file}: position_embedding_type ${describe(type)} is not supported; supported is absolute.`,
  );
}

function integer(config: HuggingFaceConfig, key: string, otherwise: number, min: number): number {
  const value = number(config, key, otherwise, min, 2 ** 31 - 1);
  if (!Number.isInteger(value)) throw corrupt(config, key, "an integer", value);
  return value;
}

const probability = (config: HuggingFaceConfig, key: string, otherwise: number): number =>
  number(config, key, otherwise, 0, 1);

function number(
  config: HuggingFaceConfig,
  key: string,
  otherwise: number,
  min: number,
  max: number,
): number {
  const value = config.values[key] ?? otherwise;
  if (typeof value !== "number" || !(value >= min && value <= max)) {
    throw corrupt(config, key, `a number from ${min} to ${max}`, value);
  }
  return value;
}

function corrupt(
  config: HuggingFaceConfig,
  key: string,
  expected: string,
  actual: unknown,
): StsError {
  return new StsError(
    "CHECKPOINT_CORRUPT",
    `${config.file}: ${key}: expected ${expected}, got ${describe(actual)}.`,
  );
}

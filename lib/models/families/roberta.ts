import { ops } from "../../tensor/ops.js";
import { classificationHead } from "../heads/classification-head.js";
import { languageModelHead } from "../heads/language-model-head.js";
import type { Family } from "./family.js";

/** @see Liu et al. (2019), "RoBERTa: A Robustly Optimized BERT Pretraining Approach" */
export const roberta: Family = {
  prefix: "roberta",
  architecture: "RobertaForSequenceClassification",
  encoderArchitecture: "RobertaModel",
  configDefaults: {
    vocabSize: 50265,
    hiddenSize: 768,
    numHiddenLayers: 12,
    numAttentionHeads: 12,
    intermediateSize: 3072,
    padTokenId: 1,
  },
  // Positions up to that of the padding token are never used: 514 rows make 512 tokens.
  firstPosition: (config) => config.padTokenId + 1,
  head: (config, pooling, outputs) => classificationHead(config, ops.tanh, pooling, outputs),
  languageModel: {
    architecture: "RobertaForMaskedLM",
    head: (config) =>
      languageModelHead(config, "gelu", {
        dense: "lm_head.dense",
        layerNorm: "lm_head.layer_norm",
        bias: "lm_head.bias",
      }),
  },
};

/** @see Conneau et al. (2020), "Unsupervised Cross-lingual Representation Learning at Scale" */
export const xlmRoberta: Family = {
  ...roberta,
  architecture: "XLMRobertaForSequenceClassification",
  encoderArchitecture: "XLMRobertaModel",
  configDefaults: { ...roberta.configDefaults, vocabSize: 30522 },
  languageModel: { ...roberta.languageModel, architecture: "XLMRobertaForMaskedLM" },
};

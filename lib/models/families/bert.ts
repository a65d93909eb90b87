import { languageModelHead } from "../heads/language-model-head.js";
import { poolerHead } from "../heads/pooler-head.js";
import type { Family } from "./family.js";

/** @see Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional Transformers" */
export const bert: Family = {
  prefix: "bert",
  architecture: "BertForSequenceClassification",
  encoderArchitecture: "BertModel",
  configDefaults: {
    vocabSize: 30522,
    hiddenSize: 768,
    numHiddenLayers: 12,
    numAttentionHeads: 12,
    intermediateSize: 3072,
    padTokenId: 0,
  },
  firstPosition: () => 0,
  head: poolerHead,
  languageModel: {
    architecture: "BertForMaskedLM",
    head: (config) =>
      languageModelHead(config, config.hiddenAct, {
        dense: "cls.predictions.transform.dense",
        layerNorm: "cls.predictions.transform.LayerNorm",
        bias: "cls.predictions.bias",
      }),
  },
};

import { ops } from "../../tensor/ops.js";
import { classificationHead } from "../heads/classification-head.js";
import { languageModelHead } from "../heads/language-model-head.js";
import type { Family } from "./family.js";

/**
 * The discriminator. Its embeddings may be narrower than its layers, as in the small models.
 * @see Clark et al. (2020), "ELECTRA: Pre-training Text Encoders as Discriminators"
 */
export const electra: Family = {
  prefix: "electra",
  architecture: "ElectraForSequenceClassification",
  encoderArchitecture: "ElectraModel",
  configDefaults: {
    vocabSize: 30522,
    hiddenSize: 256,
    embeddingSize: 128,
    numHiddenLayers: 12,
    numAttentionHeads: 4,
    intermediateSize: 1024,
    padTokenId: 0,
  },
  firstPosition: () => 0,
  head: (config, pooling, outputs) => classificationHead(config, ops.gelu, pooling, outputs),
  // The generator's: a discriminator has none.
  languageModel: {
    architecture: "ElectraForMaskedLM",
    head: (config) =>
      languageModelHead(config, "gelu", {
        dense: "generator_predictions.dense",
        layerNorm: "generator_predictions.LayerNorm",
        bias: "generator_lm_head.bias",
      }),
  },
};

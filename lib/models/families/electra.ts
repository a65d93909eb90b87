import { ops } from "../../tensor/ops.js";
import { classificationHead } from "../heads/classification-head.js";
import type { Family } from "./family.js";

/**
 * The discriminator. Its embeddings may be narrower than its layers, as in the small models.
 * @see Clark et al. (2020), "ELECTRA: Pre-training Text Encoders as Discriminators"
 */
export const electra: Family = {
  prefix: "electra",
  architecture: "ElectraForSequenceClassification",
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
  head: (config) => classificationHead(config, ops.gelu),
};

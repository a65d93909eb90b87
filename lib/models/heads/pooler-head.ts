import { ops } from "../../tensor/ops.js";
import type { EncoderConfig } from "../config.js";
import { linearSpec, outputSpec } from "../parameters.js";
import type { Pooling } from "../pooling/pooling.js";
import { linear, type Head } from "./head.js";

/**
 * Pooled vector → pooler (dense, tanh) → dropout → outputs: with the first token's vector the head
 * of BERT, whose pooler is pre-trained with the encoder and stored beside it.
 * @see transformers, `BertPooler` and `BertForSequenceClassification`
 */
export function poolerHead(config: EncoderConfig, pooling: Pooling, outputs: number): Head {
  return {
    specs: [
      ...pooling.specs(config),
      ...linearSpec("bert.pooler.dense", config.hiddenSize, config.hiddenSize),
      ...outputSpec("classifier", config.hiddenSize, outputs),
    ],
    reads: pooling.reads,
    forward({ states, batch, parameters, dropout }) {
      const vector = pooling.pool(states, batch, parameters);
      const pooled = ops.tanh(linear(parameters, "bert.pooler.dense", vector));
      const features = ops.dropout(pooled, config.classifierDropout, dropout);
      return linear(parameters, "classifier", features);
    },
  };
}

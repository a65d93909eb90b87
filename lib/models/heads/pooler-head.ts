import { ops } from "../../tensor/ops.js";
import type { EncoderConfig } from "../config.js";
import { linearSpec } from "../parameters.js";
import { firstTokens, linear, type Head } from "./head.js";

/**
 * First token → pooler (dense, tanh) → dropout → one output: the head of BERT, whose pooler is
 * pre-trained with the encoder and stored beside it.
 * @see transformers, `BertPooler` and `BertForSequenceClassification`
 */
export function poolerHead(config: EncoderConfig): Head {
  return {
    specs: [
      ...linearSpec("bert.pooler.dense", config.hiddenSize, config.hiddenSize),
      ...linearSpec("classifier", config.hiddenSize, 1),
    ],
    forward(hidden, batch, parameters, dropout) {
      const first = firstTokens(hidden, batch);
      const pooled = ops.tanh(linear(parameters, "bert.pooler.dense", first));
      const features = ops.dropout(pooled, config.classifierDropout, dropout);
      return ops.squeeze(linear(parameters, "classifier", features), 1);
    },
  };
}

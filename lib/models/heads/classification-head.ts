import { ops } from "../../tensor/ops.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { EncoderConfig } from "../config.js";
import { linearSpec, outputSpec } from "../parameters.js";
import type { Pooling } from "../pooling/pooling.js";
import { linear, type Head } from "./head.js";

/**
 * Pooled vector → dropout → dense → activation → dropout → outputs: with the first token's vector
 * the head of RoBERTa (tanh) and ELECTRA (gelu).
 * @see transformers, `RobertaClassificationHead` and `ElectraClassificationHead`
 */
export function classificationHead(
  config: EncoderConfig,
  activation: (input: Tensor) => Tensor,
  pooling: Pooling,
  outputs: number,
): Head {
  return {
    specs: [
      ...pooling.specs(config),
      ...linearSpec("classifier.dense", config.hiddenSize, config.hiddenSize),
      ...outputSpec("classifier.out_proj", config.hiddenSize, outputs),
    ],
    reads: pooling.reads,
    forward({ states, batch, parameters, dropout }) {
      const drop = (input: Tensor) => ops.dropout(input, config.classifierDropout, dropout);
      const pooled = drop(pooling.pool(states, batch, parameters));
      const features = drop(activation(linear(parameters, "classifier.dense", pooled)));
      return linear(parameters, "classifier.out_proj", features);
    },
  };
}

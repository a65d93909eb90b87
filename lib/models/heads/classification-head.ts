import { ops } from "../../tensor/ops.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { EncoderConfig } from "../config.js";
import { linearSpec } from "../parameters.js";
import { firstTokens, linear, type Head } from "./head.js";

/**
 * First token → dropout → dense → activation → dropout → one output: the head of RoBERTa (tanh)
 * and ELECTRA (gelu).
 * @see transformers, `RobertaClassificationHead` and `ElectraClassificationHead`
 */
export function classificationHead(
  config: EncoderConfig,
  activation: (input: Tensor) => Tensor,
): Head {
  return {
    specs: [
      ...linearSpec("classifier.dense", config.hiddenSize, config.hiddenSize),
      ...linearSpec("classifier.out_proj", config.hiddenSize, 1),
    ],
    forward(hidden, batch, parameters, dropout) {
      const drop = (input: Tensor) => ops.dropout(input, config.classifierDropout, dropout);
      const pooled = drop(firstTokens(hidden, batch));
      const features = drop(activation(linear(parameters, "classifier.dense", pooled)));
      return ops.squeeze(linear(parameters, "classifier.out_proj", features), 1);
    },
  };
}

import { callInBackground, type Argument } from "../../tensor/call.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { EncoderConfig } from "../config.js";
import { layerNormSpec, linearSpec, type Parameters, type ParameterSpec } from "../parameters.js";
import { linearInBackground } from "./head.js";

/** What stands on an encoder and says which token each of its vectors is of. */
export type LanguageModelHead = {
  /** Its parameters, by the names under which a checkpoint holds them. */
  readonly specs: readonly ParameterSpec[];

  /**
   * @param vectors those of the tokens to predict, [predictions, hiddenSize]
   * @param wordEmbeddings the encoder's own, [vocabSize, embeddingSize]
   * @param parameters at least those of `specs`
   * @returns logits, float32 [predictions, vocabSize]
   */
  forward(vectors: Tensor, wordEmbeddings: Tensor, parameters: Parameters): Promise<Tensor>;
};

/** What a family calls the parts of its head. */
export type LanguageModelHeadNames = { dense: string; layerNorm: string; bias: string };

const activations: Readonly<Record<string, readonly [operator: string, ...Argument[]]>> = {
  gelu: ["aten::gelu"],
  gelu_new: ["aten::gelu", "tanh"],
  relu: ["aten::relu"],
  silu: ["aten::silu"],
};

/**
 * Dense → activation → layer norm → product with the word embeddings, plus a bias for each token.
 * @param activation as `hidden_act` names it
 * @see Devlin et al. (2019), "BERT", section 3.1; Press and Wolf (2017), "Using the Output Embedding
 *   to Improve Language Models", on sharing the embeddings
 */
export function languageModelHead(
  { hiddenSize, embeddingSize, vocabSize, layerNormEps }: EncoderConfig,
  activation: string,
  { dense, layerNorm, bias }: LanguageModelHeadNames,
): LanguageModelHead {
  const [activate, ...options] = activations[activation]!;
  return {
    specs: [
      ...linearSpec(dense, hiddenSize, embeddingSize),
      ...layerNormSpec(layerNorm, embeddingSize),
      { name: bias, shape: [vocabSize], initial: "zeros" },
    ],
    async forward(vectors, wordEmbeddings, parameters) {
      const parameter = (name: string) => parameters.get(name)!;
      const features = await linearInBackground(parameters, dense, vectors);
      const active = await inBackground(activate, features, ...options);
      const normal = await inBackground(
        "aten::layer_norm",
        active,
        [embeddingSize],
        parameter(`${layerNorm}.weight`),
        parameter(`${layerNorm}.bias`),
        layerNormEps,
      );
      const logits = await inBackground("aten::linear", normal, wordEmbeddings, parameter(bias));
      return inBackground("aten::to.dtype", logits, "float32");
    },
  };
}

/** Hundreds of predictions over a whole vocabulary are too long for the thread of the event loop. */
const inBackground = async (operator: string, ...args: Argument[]): Promise<Tensor> =>
  (await callInBackground(operator, ...args)) as Tensor;

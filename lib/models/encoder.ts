import { addon, type EncoderHandle, type NativePackedBatch } from "../native/addon.js";
import { currentContext, currentMode } from "../tensor/context.js";
import { Tensor } from "../tensor/tensor.js";
import type { EncoderConfig } from "./config.js";
import type { PackedBatch } from "./packing.js";
import type { TrainingPass } from "./training-pass.js";
import {
  embeddingSpec,
  layerNormSpec,
  linearSpec,
  type Parameters,
  type ParameterSpec,
} from "./parameters.js";

/**
 * Which hidden states are wanted: the last one, its rows of the sequences' first tokens alone, for
 * which the last layer computes only those, or the outputs of the embeddings and of every layer.
 */
export type StatesToRead = "first" | "last" | "all";

/** The encoder's parameters by their Hugging Face names, without the family's prefix. */
export function encoderSpecs(config: EncoderConfig): ParameterSpec[] {
  const { embeddingSize, hiddenSize } = config;
  const specs = [
    ...embeddingSpec("embeddings.word_embeddings", config.vocabSize, embeddingSize),
    ...embeddingSpec("embeddings.position_embeddings", config.maxPositionEmbeddings, embeddingSize),
    ...embeddingSpec("embeddings.token_type_embeddings", config.typeVocabSize, embeddingSize),
    ...layerNormSpec("embeddings.LayerNorm", embeddingSize),
  ];
  if (embeddingSize !== hiddenSize) {
    specs.push(...linearSpec("embeddings_project", embeddingSize, hiddenSize));
  }
  for (let i = 0; i < config.numHiddenLayers; i++) specs.push(...layerSpecs(config, i));
  return specs;
}

function layerSpecs(config: EncoderConfig, index: number): ParameterSpec[] {
  const { hiddenSize: hidden, intermediateSize: intermediate } = config;
  const layer = `encoder.layer.${index}`;
  return [
    ...linearSpec(`${layer}.attention.self.query`, hidden, hidden),
    ...linearSpec(`${layer}.attention.self.key`, hidden, hidden),
    ...linearSpec(`${layer}.attention.self.value`, hidden, hidden),
    ...linearSpec(`${layer}.attention.output.dense`, hidden, hidden),
    ...layerNormSpec(`${layer}.attention.output.LayerNorm`, hidden),
    ...linearSpec(`${layer}.intermediate.dense`, hidden, intermediate),
    ...linearSpec(`${layer}.output.dense`, intermediate, hidden),
    ...layerNormSpec(`${layer}.output.LayerNorm`, hidden),
  ];
}

/**
 * The Transformer encoder that BERT, RoBERTa, XLM-RoBERTa and ELECTRA share, over packed batches.
 * It works on the background thread and shares its parameters with the caller.
 * @see Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional Transformers"
 */
export class Encoder implements Disposable {
  readonly #handle: EncoderHandle;

  /** @param parameters those of `encoderSpecs`, by the names given there */
  constructor(
    readonly config: EncoderConfig,
    readonly parameters: Parameters,
  ) {
    this.#handle = addon().createEncoder(
      config,
      [...parameters.keys()],
      [...parameters.values()].map((tensor) => tensor.handle),
    );
  }

  /** The last hidden state, float32 [totalTokens, hiddenSize], or [sequences, hiddenSize]. */
  async forward(
    batch: PackedBatch,
    pass: TrainingPass | null,
    which: "first" | "last",
  ): Promise<Tensor> {
    const args = this.#arguments(batch, pass);
    return new Tensor(await addon().encode(...args, which === "first"));
  }

  /** The outputs of the embeddings and of every layer, each [totalTokens, hiddenSize]. */
  async hiddenStates(batch: PackedBatch, pass: TrainingPass | null): Promise<Tensor[]> {
    const handles = await addon().encodeHiddenStates(...this.#arguments(batch, pass));
    return handles.map((handle) => new Tensor(handle));
  }

  /** Lets go of the parameters, whose own tensors are the caller's to free. */
  [Symbol.dispose](): void {
    addon().disposeEncoder(this.#handle);
  }

  #arguments(batch: PackedBatch, pass: TrainingPass | null) {
    const native: NativePackedBatch = {
      inputIds: batch.inputIds.handle,
      positionIds: batch.positionIds.handle,
      tokenTypeIds: batch.tokenTypeIds.handle,
      cumulativeLengths: batch.cumulativeLengths,
    };
    const generator = pass?.dropout.handle ?? null;
    const recompute = pass?.recompute ?? false;
    const { quantised } = currentContext();
    return [this.#handle, native, generator, recompute, ...currentMode(), quantised] as const;
  }
}

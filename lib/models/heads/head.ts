import { ops } from "../../tensor/ops.js";
import type { Generator } from "../../tensor/generator.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { PackedBatch } from "../packing.js";
import type { Parameters, ParameterSpec } from "../parameters.js";

/** What stands on an encoder and turns its last hidden state into scores. */
export interface Head {
  /** Its parameters, by the names under which a checkpoint holds them. */
  readonly specs: readonly ParameterSpec[];

  /**
   * @param hidden float32 [totalTokens, hiddenSize]
   * @param parameters at least those of `specs`
   * @param dropout where dropout draws from; null outside training, where there is none
   * @returns one score for each sequence, float32 [sequences]
   */
  forward(
    hidden: Tensor,
    batch: PackedBatch,
    parameters: Parameters,
    dropout: Generator | null,
  ): Tensor;
}

/** The vectors of the first tokens, [sequences, hiddenSize]. */
export const firstTokens = (hidden: Tensor, batch: PackedBatch): Tensor =>
  ops.indexSelect(hidden, 0, batch.firstTokens);

/** Applies the linear layer `name` to [rows, inputs]. */
export const linear = (parameters: Parameters, name: string, input: Tensor): Tensor =>
  ops.linear(input, parameters.get(`${name}.weight`)!, parameters.get(`${name}.bias`)!);

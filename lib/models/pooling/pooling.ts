import type { Tensor } from "../../tensor/tensor.js";
import type { EncoderConfig } from "../config.js";
import type { PackedBatch } from "../packing.js";
import type { Parameters, ParameterSpec } from "../parameters.js";

/** How the vectors of a sequence's tokens become one. */
export interface Pooling {
  /** Its parameters, by the names under which a checkpoint holds them. */
  specs(config: EncoderConfig): readonly ParameterSpec[];

  /** Whether it reads the outputs of the embeddings and of every layer, or only the last one. */
  readonly readsAllStates: boolean;

  /**
   * @param states each float32 [totalTokens, hiddenSize]: the last alone, or all
   * @returns [sequences, hiddenSize]
   */
  pool(states: readonly Tensor[], batch: PackedBatch, parameters: Parameters): Tensor;
}

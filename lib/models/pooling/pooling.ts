import type { Tensor } from "../../tensor/tensor.js";
import type { EncoderConfig } from "../config.js";
import type { StatesToRead } from "../encoder.js";
import type { PackedBatch } from "../packing.js";
import type { Parameters, ParameterSpec } from "../parameters.js";

/** How the vectors of a sequence's tokens become one. */
export interface Pooling {
  /** Its parameters, by the names under which a checkpoint holds them. */
  specs(config: EncoderConfig): readonly ParameterSpec[];

  readonly reads: StatesToRead;

  /**
   * @param states what it reads, each float32 [totalTokens, hiddenSize], or [sequences, hiddenSize]
   *   of the first tokens
   * @returns [sequences, hiddenSize]
   */
  pool(states: readonly Tensor[], batch: PackedBatch, parameters: Parameters): Tensor;
}

import type { Generator } from "../tensor/generator.js";

/** What a forward in training has that one in prediction has not. */
export type TrainingPass = {
  /** Where dropout draws from. */
  dropout: Generator;
  /**
   * Gradient checkpointing: the backward computes the encoder's layers again instead of the forward
   * keeping their activations.
   */
  recompute: boolean;
};

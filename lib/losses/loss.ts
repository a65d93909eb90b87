import type { LabelRange } from "../data/pair.js";
import type { Tensor } from "../tensor/tensor.js";

/** What a model computes for a batch of examples. */
export type Outputs = {
  /** Differentiable predictions on the label scale, not clamped: float32 [batch] */
  scores: Tensor;
  /** The head's outputs before they become scores, float32 [batch, outputs]; null without a head */
  logits: Tensor | null;
  /**
   * Of a sentence encoder: the pooled vectors of the first sentences, of the second ones, and so
   * on, each float32 [batch, dimensions] and not normalised; empty for other models.
   */
  embeddings: readonly Tensor[];
};

/** What the model should have said. */
export type Targets = {
  /** On the label scale, float32 [batch] */
  labels: Tensor;
  labelRange: LabelRange;
};

/**
 * What training makes small: a pure function.
 * @returns a scalar; the mean over the batch unless its file says otherwise
 */
export type Loss = (outputs: Outputs, targets: Targets) => Tensor;

/** A loss that needs only a model's scores and the labels, both float32 [batch] on the label scale. */
export type ScoreLoss = (scores: Tensor, labels: Tensor) => Tensor;

import type { Parameters } from "../../models/parameters.js";
import type { TrainingPass } from "../../models/training-pass.js";
import type { Tensor } from "../../tensor/tensor.js";

/** A part of a step's examples that is computed at a time. */
export type Batch = {
  /** What its loss counts for in the step's; those of a step add up to 1. */
  share: number;
  /** The mean loss over the batch, a float32 scalar. */
  loss: (pass: TrainingPass) => Promise<Tensor>;
};

/** What an evaluation finds. */
export type Evaluation<Metrics> = {
  metrics: Metrics;
  /** Values whose distribution tells something, by name. */
  distributions: Readonly<Record<string, readonly number[]>>;
};

/** Measures a model; throws `ABORTED` after the signal has fired. */
export type Evaluate<Metrics> = (signal: AbortSignal | undefined) => Promise<Evaluation<Metrics>>;

/** What a loop optimises: a model, the examples it learns from, and how well it does. */
export interface Objective<Metrics> {
  /** Number of training examples. */
  readonly size: number;

  /** Every parameter of the model, by name. */
  readonly parameters: Parameters;

  /** Changes when the examples do that it learns from or is measured on: a resumed run notices. */
  readonly fingerprint: string;

  /**
   * Splits the examples of a step.
   * @param indices of the examples, 0 to `size` - 1
   */
  batches(indices: readonly number[], batchSize: number): readonly Batch[];

  /** Measures the model; null where nothing was held out to measure it on. */
  readonly evaluate: Evaluate<Metrics> | null;

  /** What of the metrics is to become large; the worst possible is -Infinity. */
  rank(metrics: Metrics): number;

  /** Saves the model as a directory of its own. */
  save(directory: string): Promise<void>;

  /** Of random numbers that it draws itself, as JSON can hold it. */
  state(): unknown;
  restore(state: unknown): void;
}

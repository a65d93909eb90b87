import type { SimilarityMetrics } from "../evaluation/metrics.js";
import type { BadRow } from "../data/bad-rows.js";

export type StartEvent = {
  /** Optimizer steps that the whole run takes. */
  steps: number;
  epochs: number;
  /** Numbers of pairs; `test` is null where there is no test file. */
  pairs: { train: number; dev: number; test: number | null };
  /** Whether dev was split from train for want of a file. */
  devFromTrain: boolean;
  /** Pairs of train and dev that were cut to the maximum length. */
  truncated: number;
  maxLength: number;
  /** Numbers that are trained. */
  parameters: number;
  /** The head's parameters that the checkpoint lacked. */
  initialised: readonly string[];
  /** Rows left out because of `onBadRow: skip`, by file. */
  skipped: ReadonlyMap<string, readonly BadRow[]>;
};

export type StepEvent = {
  /** From 1. */
  step: number;
  steps: number;
  /** From 1. */
  epoch: number;
  /** Mean over the step's pairs, before the step. */
  loss: number;
  lr: number;
  /** Joint 2-norm of the gradients before clipping. */
  gradNorm: number;
  /** Over the run so far, without evaluation and saving. */
  pairsPerSecond: number;
  /** Of training, without evaluation and saving. */
  secondsLeft: number;
};

export type EvaluationEvent = {
  step: number;
  epoch: number;
  metrics: SimilarityMetrics;
  isBest: boolean;
};

/** What a run says of itself. The loop waits for what a callback returns. */
export type TrainerCallbacks = {
  onStart?(event: StartEvent): void | Promise<void>;
  onStep?(event: StepEvent): void | Promise<void>;
  onEvaluation?(event: EvaluationEvent): void | Promise<void>;
};

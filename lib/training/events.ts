import type { SimilarityMetrics } from "../evaluation/metrics.js";
import type { BadRow } from "../data/bad-rows.js";

/** What every run says of itself before its first step. */
export type LoopStart = {
  /** Optimizer steps that the whole run takes. */
  steps: number;
  /** Steps that an earlier start of the run has taken. */
  resumedFrom: number;
  epochs: number;
  /** Examples, also of those it is measured on, that were cut to the maximum length. */
  truncated: number;
  maxLength: number;
  /** How many numbers are trained, and how many are frozen. */
  parameters: number;
  frozenParameters: number;
  /** The names of the frozen parameters. */
  frozen: readonly string[];
  /** The parameters that the checkpoint lacked: the head's, or all with random weights. */
  initialised: readonly string[];
  /** What a user ought to know of the settings. */
  warnings: readonly string[];
};

export type StartEvent = LoopStart & {
  /** Numbers of examples; `dev` and `test` are null where there are none. */
  pairs: { train: number; dev: number | null; test: number | null };
  /** Whether dev was split from train for want of a file. */
  devFromTrain: boolean;
  /** Rows left out because of `onBadRow: skip`, by file. */
  skipped: ReadonlyMap<string, readonly BadRow[]>;
};

export type StepEvent = {
  /** From 1. */
  step: number;
  steps: number;
  /** From 1. */
  epoch: number;
  /** Mean over the step's examples, before the step. */
  loss: number;
  /** Of the parameters that have the configured one. */
  lr: number;
  /** Joint 2-norm of the gradients before clipping; null where the step was skipped. */
  gradNorm: number | null;
  /** With fp16: what the loss was multiplied by, and steps skipped so far because of overflow. */
  lossScale?: number;
  skippedSteps?: number;
  /** Over the run so far, without evaluation and saving. */
  pairsPerSecond: number;
  /** Of training, without evaluation and saving. */
  secondsLeft: number;
};

export type EvaluationEvent<Metrics = SimilarityMetrics> = {
  step: number;
  epoch: number;
  metrics: Metrics;
  isBest: boolean;
};

export type SaveEvent = {
  step: number;
  epoch: number;
  /** The directory of the saved model. */
  model: string;
};

/** What an optimisation says of itself. The loop waits for what a callback returns. */
export type LoopCallbacks<Metrics> = {
  onStep?(event: StepEvent): void | Promise<void>;
  onEvaluation?(event: EvaluationEvent<Metrics>): void | Promise<void>;
  onSave?(event: SaveEvent): void | Promise<void>;
};

/** What a training run says of itself. */
export type TrainerCallbacks = LoopCallbacks<SimilarityMetrics> & {
  onStart?(event: StartEvent): void | Promise<void>;
};

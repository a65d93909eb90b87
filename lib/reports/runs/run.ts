import type { RunCommand } from "../../training/loop/run-directory.js";
import type { Evaluation, RunLog } from "./read-log.js";

/** What a run came to, or has come to so far. */
export type RunFigures = {
  /**
   * Of the best weights on dev, such as pearson and spearman; of a pre-training loss and perplexity;
   * of a cross-validation those out of fold, or null until all folds are finished.
   */
  dev: Evaluation["metrics"] | null;
  /** Where the best weights were found; null for a cross-validation. */
  best: { epoch: number; step: number } | null;
  /** On the test file; null without one, or where it is not known yet. */
  test: Evaluation["metrics"] | null;
  /** Steps taken and epochs begun; of a cross-validation the steps of all folds. */
  steps: number;
  epochs: number;
  /** Pairs, or lines of a pre-training, that are trained on in a second. */
  examplesPerSecond: number | null;
};

/** What is known of a run beside its settings. */
export type RunState = {
  isFinished: boolean;
  figures: RunFigures;
  /** Empty for a cross-validation, whose folds have logs of their own. */
  log: RunLog;
  /** Of dev by the best weights, or out of fold; null where there are none yet. */
  predictions: number[] | null;
};

/** A run as it is read from its directory. */
export type Run = RunState & {
  /** Its path as short as the runs that are compared can be told apart. */
  name: string;
  path: string;
  kind: Exclude<RunCommand, "sweep">;
  /** The settings by their names, those within others with a dot: `labelRange.min`. */
  settings: Readonly<Record<string, unknown>>;
  /** Of a cross-validation, those that have begun. */
  folds: Fold[];
};

/** A training of a cross-validation; once all are finished its figures are of what it wrote. */
export type Fold = RunState & {
  /** From 1. */
  fold: number;
};

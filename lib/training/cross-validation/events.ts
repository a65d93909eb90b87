import type { BadRow } from "../../data/bad-rows.js";
import type { FoldResult } from "./summary.js";

export type CrossValidationStart = {
  /** Of the pairs that are divided, and of test; null where there is none. */
  pairs: { divided: number; test: number | null };
  /** Members of each fold, and of those how many each bucket of labels has. */
  folds: { size: number; buckets: number[] }[];
  stratified: boolean;
  /** The folds that are to be trained here, from 1. */
  chosen: readonly number[];
  /** Rows left out because of `onBadRow: skip`, by file. */
  skipped: ReadonlyMap<string, readonly BadRow[]>;
  /** What a user ought to know of the division. */
  warnings: readonly string[];
};

export type FoldStart = {
  /** From 1. */
  fold: number;
  folds: number;
  /** Whether an earlier start has begun it. */
  resumed: boolean;
};

/** What a cross-validation says of itself, beside what its trainings say. It waits for callbacks. */
export type CrossValidationCallbacks = {
  onStart?(event: CrossValidationStart): void | Promise<void>;
  onFoldStart?(event: FoldStart): void | Promise<void>;
  /** Of those that an earlier start has finished too. */
  onFoldEnd?(event: FoldResult): void | Promise<void>;
};

import type { Candidate } from "./candidates.js";
import type { Rung } from "./rungs.js";
import type { SweepMethod } from "./space.js";
import type { SweepSummary, TrialResult } from "./summary.js";

export type SweepStart = {
  method: SweepMethod;
  /** The paths of the settings that are searched. */
  fields: readonly string[];
  /** One, but for halving. */
  rungs: readonly Rung[];
  /** Trials over all rungs, were none to fail. */
  planned: number;
  /** What a user ought to know of the plan. */
  warnings: readonly string[];
};

export type TrialStart = {
  trial: number;
  rung: number;
  epochs: number;
  /** What was searched, by the paths of the settings. */
  settings: Candidate;
  /** Of all trials over all rungs, from 1. */
  place: number;
  /** Whether an earlier start has begun it. */
  resumed: boolean;
};

export type TrialEnd = {
  result: TrialResult;
  /** What the sweep has come to so far. */
  summary: SweepSummary;
  /** For the trials that are left, by those that have ended; null where none has. */
  secondsLeft: number | null;
};

/** What a sweep says of itself, beside what its trainings say. It waits for callbacks. */
export type SweepCallbacks = {
  onStart?(event: SweepStart): void | Promise<void>;
  /** Not of trials that an earlier start has ended. */
  onTrialStart?(event: TrialStart): void | Promise<void>;
  /** Not of trials that an earlier start has ended. */
  onTrialEnd?(event: TrialEnd): void | Promise<void>;
};

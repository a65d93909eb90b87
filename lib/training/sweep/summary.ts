import type { ErrorCode } from "../../foundation/errors.js";
import type { TrainSummary } from "../summary.js";
import type { Candidate } from "./candidates.js";
import type { SweepMethod } from "./space.js";

/** What a trial came to. */
export type TrialResult = {
  /** From 1; with halving a candidate keeps its number in all rungs. */
  trial: number;
  /** From 1; 1 without halving. */
  rung: number;
  epochs: number;
  /** What was searched, by the paths of the settings. */
  settings: Candidate;
  status: "finished" | "failed";
  /** The evaluation that chose its weights, on dev; null where it failed. */
  best: TrainSummary["best"];
  /** Its best weights on test, by which no trial is chosen; null without a test file or its labels. */
  test: TrainSummary["test"];
  /** From its start to its end, without what was lost by being killed. */
  seconds: number;
  /** Why it failed. */
  error: { code: ErrorCode; message: string } | null;
  /** The run's directory. */
  output: string;
};

/** A setting that is searched. */
export type FieldSummary = {
  /** Its path, such as `head.widths`. */
  field: string;
  /** How its values are drawn; `list` where they are listed. */
  scale: "linear" | "log" | "list";
  /** How much of the order of the trials it explains by itself; see {@link explainedBy}. */
  explained: number | null;
};

/** What a sweep comes to: `summary.json`. */
export type SweepSummary = {
  method: SweepMethod;
  fields: FieldSummary[];
  /** Trials over all rungs, were none to fail. */
  planned: number;
  /** Those that have ended, rung after rung. */
  trials: TrialResult[];
  /** Of the last rung that has one, the trial with the highest Pearson on dev; null where none has. */
  best: TrialResult | null;
  output: string;
};

import type {
  CrossValidationCallbacks,
  CrossValidationStart,
  FoldStart,
} from "../training/cross-validation/events.js";
import type { FoldResult } from "../training/cross-validation/summary.js";
import type { StartEvent, TrainerCallbacks } from "../training/events.js";
import { reportSkipped } from "./bad-rows.js";
import { correlations, count, counted } from "./format.js";
import type { Output } from "./output.js";
import { TrainReport } from "./train-report.js";

/** Tells of a cross-validation, and of the training of each fold, on stderr. */
export class CrossvalReport implements CrossValidationCallbacks {
  readonly #training: TrainReport;
  /** Whether a fold is finished or its steps have begun. */
  #started = false;
  #folds = 0;

  constructor(private readonly output: Output) {
    this.#training = new TrainReport(output);
  }

  /** Whether there is something to go on with. */
  get started(): boolean {
    return this.#started;
  }

  onStart({ pairs, folds, stratified, chosen, skipped, warnings }: CrossValidationStart): void {
    this.#folds = folds.length;
    for (const [file, rows] of skipped) reportSkipped(this.output, file, rows);
    const sizes = [...new Set(folds.map(({ size }) => count(size)))].join(" or ");
    const how = stratified ? ", stratified by label" : "";
    this.output.note(
      `${counted(pairs.divided, "pair")} in ${folds.length} folds of ${sizes}${how}`,
    );
    if (chosen.length < folds.length) this.output.note(`here: ${foldList(chosen)}`);
    for (const warning of warnings) this.output.warn(warning);
  }

  onFoldStart({ fold, folds, resumed }: FoldStart): void {
    this.output.closeBar();
    this.output.note(`\nfold ${fold} of ${folds}${resumed ? ", begun before" : ""}`);
  }

  onFoldEnd(result: FoldResult): void {
    this.#started = true;
    this.output.closeBar();
    this.output.note(`fold ${result.fold} of ${this.#folds} is finished: ${correlations(result)}`);
  }

  /** What each fold's training says; what is the same in all of them is said once. */
  get trainer(): TrainerCallbacks {
    const report = this.#training;
    return {
      onStart: (event: StartEvent) => {
        const warnings = this.#started ? [] : event.warnings;
        this.#started = true;
        report.onStart({ ...event, skipped: new Map(), warnings });
      },
      onStep: (event) => report.onStep(event),
      onEvaluation: (event) => report.onEvaluation(event),
    };
  }
}

/** `fold 2`, `folds 1, 3`. */
export const foldList = (folds: readonly number[]): string =>
  `fold${folds.length === 1 ? "" : "s"} ${folds.join(", ")}`;

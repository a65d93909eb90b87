import type { StartEvent, TrainerCallbacks } from "../training/events.js";
import type { SweepCallbacks, SweepStart, TrialEnd, TrialStart } from "../training/sweep/events.js";
import { describeCandidate } from "../training/sweep/plan.js";
import type { SweepSummary, TrialResult } from "../training/sweep/summary.js";
import { correlations, counted, digits, duration } from "./format.js";
import type { Output } from "./output.js";
import { TrainReport } from "./train-report.js";

/** Tells of a sweep, and of the training of each trial, on stderr. */
export class SweepReport implements SweepCallbacks {
  readonly #training: TrainReport;
  #start: SweepStart | undefined;
  /** Whether a trial has ended or its steps have begun. */
  #started = false;

  /** @param writePage is awaited after each trial */
  constructor(
    private readonly output: Output,
    private readonly writePage: (summary: SweepSummary) => Promise<void>,
  ) {
    this.#training = new TrainReport(output);
  }

  /** Whether there is something to go on with. */
  get started(): boolean {
    return this.#started;
  }

  onStart(event: SweepStart): void {
    this.#start = event;
    this.output.note(describePlan(event));
    for (const warning of event.warnings) this.output.warn(warning);
  }

  onTrialStart({ trial, rung, epochs, settings, place, resumed }: TrialStart): void {
    const { planned, rungs } = this.#start!;
    if (!this.#started && place > 1) {
      this.output.note(`${counted(place - 1, "trial")} ended before`);
      this.#started = true;
    }
    this.output.closeBar();
    const which =
      rungs.length > 1
        ? `${place} of ${planned}: trial ${trial} in rung ${rung} of ${rungs.length}, ${counted(epochs, "epoch")}`
        : `trial ${trial} of ${planned}`;
    const before = resumed ? ", begun before" : "";
    this.output.note(`\n${which}${before}: ${describeCandidate(settings)}`);
  }

  async onTrialEnd({ result, summary, secondsLeft }: TrialEnd): Promise<void> {
    this.#started = true;
    this.output.closeBar();
    if (result.error) this.output.warn(`trial ${result.trial} failed: ${result.error.message}`);
    const said = [...describeResult(result), ...describeRest(summary, secondsLeft)];
    if (said.length > 0) this.output.note(said.join("; "));
    await this.writePage(summary);
  }

  /** What each trial's training says; what a run is about is said of the first alone. */
  get trainer(): TrainerCallbacks {
    const report = this.#training;
    let isFirst = true;
    return {
      onStart: (event: StartEvent) => {
        if (isFirst) report.onStart(event);
        else report.begin(event);
        isFirst = false;
        this.#started = true;
      },
      onStep: (event) => report.onStep(event),
      onEvaluation: (event) => report.onEvaluation(event),
    };
  }
}

const describeResult = ({ trial, best, seconds }: TrialResult): string[] =>
  best ? [`trial ${trial}: ${correlations(best)}, in ${duration(seconds)}`] : [];

function describeRest({ best, planned, trials }: SweepSummary, secondsLeft: number | null) {
  const isOver = trials.length === planned || secondsLeft === null;
  return [
    ...(best ? [`best so far: trial ${best.trial} with ${digits(best.best!.pearson)}`] : []),
    ...(isOver ? [] : [`about ${duration(secondsLeft)} left`]),
  ];
}

function describePlan({ method, fields, rungs, planned }: SweepStart): string {
  const names = fields.join(", ");
  if (method === "grid") return `${counted(planned, "trial")}: every combination of ${names}`;
  if (method === "random") return `${counted(planned, "trial")} drawn from ${names}`;
  const each = rungs.map(({ trials, epochs }) => `${trials} × ${counted(epochs!, "epoch")}`);
  return `${counted(rungs[0]!.trials, "candidate")} drawn from ${names}; ${counted(planned, "trial")}: ${each.join(", ")}`;
}

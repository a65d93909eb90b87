import type {
  EvaluationEvent,
  StartEvent,
  StepEvent,
  TrainerCallbacks,
} from "../training/events.js";
import { reportSkipped } from "./bad-rows.js";
import { correlations, count, counted, duration } from "./format.js";
import type { Output } from "./output.js";
import { Progress } from "./progress.js";

/** Tells of a training run on stderr. */
export class TrainReport implements TrainerCallbacks {
  #progress: Progress | undefined;

  /** @param now milliseconds */
  constructor(
    private readonly output: Output,
    private readonly now?: () => number,
  ) {}

  /** Whether the steps have begun, so that there is something to save. */
  get started(): boolean {
    return this.#progress !== undefined;
  }

  onStart(event: StartEvent): void {
    for (const [file, rows] of event.skipped) reportSkipped(this.output, file, rows);
    for (const line of describeStart(event)) this.output.note(line);
    this.#progress = new Progress(this.output, "step", event.steps, this.now);
  }

  onStep(event: StepEvent): void {
    this.#progress?.update(event.step, describeStep(event));
  }

  onEvaluation({ step, epoch, metrics, isBest }: EvaluationEvent): void {
    const mark = isBest ? "  best" : "";
    this.output.note(`epoch ${epoch}, step ${step}: ${correlations(metrics)}${mark}`);
    for (const warning of metrics.warnings) this.output.warn(warning);
  }
}

function describeStart(event: StartEvent): string[] {
  const { pairs, initialised } = event;
  const dev = `dev ${count(pairs.dev)}${event.devFromTrain ? " (split from train)" : ""}`;
  const test = pairs.test === null ? "no test" : `test ${count(pairs.test)}`;
  return [
    `pairs: train ${count(pairs.train)}, ${dev}, ${test}`,
    `maximum length: ${count(event.maxLength)} tokens (${counted(event.truncated, "pair")} cut)`,
    `trainable parameters: ${count(event.parameters)}`,
    ...(initialised.length > 0
      ? [`initialised: ${initialised.join(", ")} (not in the checkpoint)`]
      : []),
    `steps: ${count(event.steps)} in ${counted(event.epochs, "epoch")}`,
  ];
}

function describeStep({ epoch, loss, lr, pairsPerSecond, secondsLeft }: StepEvent): string {
  return [
    `epoch ${epoch}`,
    `loss ${loss.toFixed(4)}`,
    `lr ${lr.toExponential(1)}`,
    `${pairsPerSecond.toFixed(pairsPerSecond < 10 ? 1 : 0)} pairs/s`,
    `${duration(secondsLeft)} left`,
  ].join(" | ");
}

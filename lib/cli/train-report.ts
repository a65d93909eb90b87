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
    for (const warning of event.warnings) this.output.warn(warning);
    this.begin(event);
  }

  /** Without saying what the run is about. */
  begin({ steps }: Pick<StartEvent, "steps">): void {
    this.#progress = new Progress(this.output, "step", steps, this.now);
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
  const split = event.devFromTrain ? " (split from train)" : "";
  const dev = pairs.dev === null ? "no dev" : `dev ${count(pairs.dev)}${split}`;
  const test = pairs.test === null ? "no test" : `test ${count(pairs.test)}`;
  return [
    `pairs: train ${count(pairs.train)}, ${dev}, ${test}`,
    `maximum length: ${count(event.maxLength)} tokens (${counted(event.truncated, "pair")} cut)`,
    `trainable parameters: ${count(event.parameters)}`,
    ...describeFrozen(event),
    ...(initialised.length > 0
      ? [`initialised: ${initialised.join(", ")} (not in the checkpoint)`]
      : []),
    `steps: ${count(event.steps)} in ${counted(event.epochs, "epoch")}`,
    ...(event.resumedFrom > 0 ? [`going on after step ${count(event.resumedFrom)}`] : []),
  ];
}

/** A line of the frozen parts by their names, layers that follow each other as one. */
export function describeFrozen({
  frozen,
  frozenParameters,
}: Pick<StartEvent, "frozen" | "frozenParameters">): string[] {
  if (frozen.length === 0) return [];
  const parts = new Map<string, number[]>();
  for (const name of frozen) {
    const [, encoder, layer] = /^(.*?encoder\.layer\.)(\d+)\./.exec(name) ?? [];
    const part = encoder ?? /^.*?embeddings(?:_project)?(?=\.)/.exec(name)?.[0] ?? name;
    const layers = parts.get(part) ?? [];
    if (layer !== undefined && layers.at(-1) !== Number(layer)) layers.push(Number(layer));
    parts.set(part, layers);
  }
  const names = [...parts].map(([part, layers]) => `${part}${ranges(layers)}`);
  return [`frozen: ${names.join(", ")} (${count(frozenParameters)} parameters)`];
}

/** Ascending numbers as a person writes them: `0-3, 7`. */
function ranges(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(", ");
}

/** @param noun what examples are called */
export function describeStep(event: StepEvent, noun = "pairs"): string {
  const { epoch, loss, lr, pairsPerSecond, secondsLeft, skippedSteps = 0 } = event;
  return [
    `epoch ${epoch}`,
    `loss ${loss.toFixed(4)}`,
    `lr ${lr.toExponential(1)}`,
    ...(skippedSteps > 0 ? [`${skippedSteps} skipped`] : []),
    `${pairsPerSecond.toFixed(pairsPerSecond < 10 ? 1 : 0)} ${noun}/s`,
    `${duration(secondsLeft)} left`,
  ].join(" | ");
}

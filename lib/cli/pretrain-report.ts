import type { EvaluationEvent, StepEvent } from "../training/events.js";
import type { MaskedMetrics } from "../training/pretraining/masked-objective.js";
import type { PretrainCallbacks, PretrainStartEvent } from "../training/pretraining/pretrainer.js";
import { reportSkipped } from "./bad-rows.js";
import { count, counted } from "./format.js";
import type { Output } from "./output.js";
import { Progress } from "./progress.js";
import { describeFrozen, describeStep } from "./train-report.js";

/** Tells of a pre-training run on stderr. */
export class PretrainReport implements PretrainCallbacks {
  #progress: Progress | undefined;

  constructor(private readonly output: Output) {}

  /** Whether the steps have begun, so that there is something to save. */
  get started(): boolean {
    return this.#progress !== undefined;
  }

  onStart(event: PretrainStartEvent): void {
    const { lines, skipped } = event;
    if (skipped.length > 0) reportSkipped(this.output, skipped[0]!.path, skipped);
    this.output.note(
      `lines: ${count(lines.train)} to learn from, ${count(lines.heldOut)} held out`,
    );
    this.output.note(
      `tokens: ${count(event.tokens)}, at most ${count(event.maxLength)} a line (${counted(event.truncated, "line")} cut)`,
    );
    this.output.note(`trainable parameters: ${count(event.parameters)}`);
    for (const line of describeFrozen(event)) this.output.note(line);
    this.output.note(`steps: ${count(event.steps)} in ${counted(event.epochs, "epoch")}`);
    if (event.resumedFrom > 0) {
      this.output.note(`going on after step ${count(event.resumedFrom)}`);
    }
    for (const warning of event.warnings) this.output.warn(warning);
    this.#progress = new Progress(this.output, "step", event.steps);
  }

  onStep(event: StepEvent): void {
    this.#progress?.update(event.step, describeStep(event, "lines"));
  }

  onEvaluation({ epoch, step, metrics, isBest }: EvaluationEvent<MaskedMetrics>): void {
    const { loss, perplexity, accuracy } = metrics;
    this.output.note(
      `epoch ${epoch}, step ${step}: loss ${loss.toFixed(4)}, perplexity ${perplexity.toFixed(2)}, ` +
        `${(100 * accuracy).toFixed(1)} % right${isBest ? "  best" : ""}`,
    );
  }
}

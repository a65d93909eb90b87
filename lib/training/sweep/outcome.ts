import { explainedBy } from "./explained-by.js";
import type { SweepConfig } from "./config.js";
import type { PlannedTrial, SweepPlan } from "./plan.js";
import { pearsonOf, ranked } from "./ranking.js";
import type { FieldSummary, SweepSummary, TrialResult } from "./summary.js";
import { removeWeights } from "./trial-directory.js";

/** What a sweep has come to so far. */
export class SweepOutcome {
  readonly #results: TrialResult[] = [];
  /** The directories whose weights are removed. */
  readonly #removed = new Set<string>();

  constructor(
    private readonly config: SweepConfig,
    private readonly plan: SweepPlan,
    /** Of the first rung. */
    private readonly trials: readonly PlannedTrial[],
  ) {}

  add(result: TrialResult): void {
    this.#results.push(result);
  }

  get results(): readonly TrialResult[] {
    return this.#results;
  }

  /** Trials over all rungs, were none to fail. */
  get planned(): number {
    return this.plan.rungs.reduce((sum, { trials }) => sum + trials, 0);
  }

  /** Whether a trial came through. */
  get hasFinished(): boolean {
    return this.#results.some(({ status }) => status === "finished");
  }

  /** Removes the weights of all but the best `keep` trials; a rank never becomes better. */
  async keepWeights(keep: number): Promise<void> {
    const finished = ranked(this.#results).filter(({ status }) => status === "finished");
    const kept = new Set(finished.slice(0, keep).map(({ output }) => output));
    for (const { output } of this.#results) {
      if (kept.has(output) || this.#removed.has(output)) continue;
      await removeWeights(output);
      this.#removed.add(output);
    }
  }

  summary(): SweepSummary {
    const [best] = ranked(this.#results);
    return {
      method: this.config.space.method,
      fields: this.#fields(),
      planned: this.planned,
      trials: [...this.#results],
      best: best && pearsonOf(best) !== null ? best : null,
      output: this.config.output,
    };
  }

  /** For the trials that are left, as if each epoch took as long as those before. */
  get secondsLeft(): number | null {
    const ended = this.#results.filter(({ status }) => status === "finished");
    const epochs = sum(ended.map((result) => result.epochs));
    if (epochs === 0) return null;
    const left = this.#plannedEpochs - sum(this.#results.map((result) => result.epochs));
    return (sum(ended.map(({ seconds }) => seconds)) / epochs) * Math.max(0, left);
  }

  get #plannedEpochs(): number {
    const own = sum(this.trials.map(({ training }) => training.epochs));
    return sum(
      this.plan.rungs.map(({ trials, epochs }) => (epochs === null ? own : trials * epochs)),
    );
  }

  /** Where all candidates were trained equally long, which is in the first rung. */
  #fields(): FieldSummary[] {
    const comparable = this.#results.filter(
      (result) => result.rung === 1 && pearsonOf(result) !== null,
    );
    return Object.entries(this.config.space.fields).map(([field, values]) => {
      const observations = comparable.map((result) => ({
        value: result.settings[field],
        pearson: pearsonOf(result)!,
      }));
      const isList = Array.isArray(values);
      return {
        field,
        scale: isList ? "list" : values.scale,
        explained: explainedBy(observations, !isList),
      };
    });
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

import { existsSync } from "node:fs";
import { throwIfAborted } from "../../foundation/abort.js";
import { checkTrials } from "./check-trials.js";
import { parseSweepConfig, type SweepConfig, type SweepOptions } from "./config.js";
import { dataFilesOf } from "./data-files.js";
import { SweepDirectory } from "./directory.js";
import type { SweepCallbacks } from "./events.js";
import { SweepOutcome } from "./outcome.js";
import { inRung, planSweep, planTrials, type PlannedTrial, type SweepPlan } from "./plan.js";
import { ranked } from "./ranking.js";
import { goingOn } from "./rungs.js";
import { runTrial, type TrialSettings } from "./run-trial.js";
import type { SweepSummary, TrialResult } from "./summary.js";
import { TrialDirectory } from "./trial-directory.js";

export type SweepSettings = TrialSettings & { callbacks?: SweepCallbacks };

/**
 * Searches the settings of a training for those with the highest Pearson on dev: a run for each
 * candidate, in a directory of its own, all from the same start.
 * @example
 * const summary = await new Sweep({
 *   model: "klue/roberta-small", train: "train.csv", dev: "dev.csv", output: "runs/sweep",
 *   space: { method: "random", trials: 20, fields: { lr: { min: 1e-5, max: 1e-4, scale: "log" } } },
 * }).run();
 * console.log(summary.best?.settings);
 */
export class Sweep {
  readonly config: SweepConfig;
  readonly #settings: SweepSettings;
  readonly #plan: SweepPlan;
  #trials: PlannedTrial[];
  /** Of one that is gone on with. */
  #directory: SweepDirectory | undefined;

  /** @throws StsError `INVALID_ARGUMENT`, naming every setting at fault, and the trial */
  constructor(options: SweepOptions, settings: SweepSettings = {}) {
    this.config = parseSweepConfig(options, "configuration");
    this.#settings = settings;
    this.#plan = planSweep(this.config);
    this.#trials = planTrials(this.config, this.#plan);
  }

  /**
   * One that goes on where it was stopped: trials that have ended are taken as they are, one that was
   * interrupted is gone on with exactly.
   * @param output the directory of the sweep
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `INVALID_ARGUMENT`
   */
  static async resume(output: string, settings: SweepSettings = {}): Promise<Sweep> {
    const { directory, config } = await SweepDirectory.open(output);
    const sweep = new Sweep({ ...config, output }, settings);
    sweep.#directory = directory;
    return sweep;
  }

  /**
   * Runs all trials and says what they came to.
   * @throws StsError `ABORTED` after the signal has fired, with what has begun saved for `resume`;
   *   `INVALID_ARGUMENT` for settings that a trial cannot have, before the first one runs;
   *   `INVALID_DATA`, `NOT_FOUND`, `IO_FAILED` and what else would hit every trial
   */
  async run(): Promise<SweepSummary> {
    const ended = await this.#directory?.readSummary();
    if (ended) return ended;
    const isNew = !this.#directory;
    const directory = this.#directory ?? (await this.#free());
    throwIfAborted(this.#settings.signal, "The sweep");
    const { signal, onProgress } = this.#settings;
    this.#trials = await checkTrials(this.#trials, {
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    const data = await dataFilesOf(this.#trials.map(({ training }) => training));
    await (isNew ? directory.begin(this.config) : directory.clean());
    try {
      await directory.keepPlan(this.#plan, data);
      return await this.#runRungs(directory);
    } catch (error) {
      // A mistake that is found before the first training begins leaves nothing in the way.
      const isBegun = this.#trials.some(({ training }) => existsSync(training.output));
      if (isNew && !isBegun) await directory.remove();
      throw error;
    }
  }

  async #free(): Promise<SweepDirectory> {
    const { output } = this.config;
    await SweepDirectory.requireFree(output);
    return new SweepDirectory(output);
  }

  async #runRungs(directory: SweepDirectory): Promise<SweepSummary> {
    const { space, output } = this.config;
    const { rungs, warnings } = this.#plan;
    const outcome = new SweepOutcome(this.config, this.#plan, this.#trials);
    const fields = Object.keys(space.fields);
    const { planned } = outcome;
    const { method } = space;
    await this.#settings.callbacks?.onStart?.({ method, fields, rungs, planned, warnings });
    let trials = this.#trials;
    for (const rung of rungs) {
      const results: TrialResult[] = [];
      for (const trial of trials) {
        const inThis = inRung(trial, rung, output, rungs.length);
        results.push(await this.#runTrial(inThis, outcome, directory));
      }
      if (space.method !== "halving") break;
      const chosen = new Set(best(results, goingOn(rung.trials, space.factor)));
      trials = trials.filter(({ trial }) => chosen.has(trial));
    }
    const summary = outcome.summary();
    await directory.writeTrials(summary);
    await directory.writeSummary(summary);
    return summary;
  }

  async #runTrial(
    trial: PlannedTrial,
    outcome: SweepOutcome,
    directory: SweepDirectory,
  ): Promise<TrialResult> {
    const { callbacks } = this.#settings;
    const run = new TrialDirectory(trial);
    await run.clean();
    if (run.isBegun) await run.requireSame();
    const before = await run.result();
    if (before) {
      outcome.add(before);
      await outcome.keepWeights(this.config.keep);
      return before;
    }
    throwIfAborted(this.#settings.signal, "The sweep");
    await callbacks?.onTrialStart?.({
      ...{ trial: trial.trial, rung: trial.rung, epochs: trial.training.epochs },
      settings: trial.candidate,
      place: outcome.results.length + 1,
      resumed: run.isBegun,
    });
    const result = await runTrial(trial, run, this.#settings, outcome.hasFinished);
    outcome.add(result);
    const summary = outcome.summary();
    await directory.writeTrials(summary);
    await outcome.keepWeights(this.config.keep);
    const { secondsLeft } = outcome;
    await callbacks?.onTrialEnd?.({ result, summary, secondsLeft });
    return result;
  }
}

/** The numbers of the best trials, but for those that failed. */
const best = (results: readonly TrialResult[], count: number): number[] =>
  ranked(results.filter(({ status }) => status === "finished"))
    .slice(0, count)
    .map(({ trial }) => trial);

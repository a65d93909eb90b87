import type { RandomState } from "../../data/random.js";
import { StsError } from "../../foundation/errors.js";
import type { Generator } from "../../tensor/generator.js";
import { scope } from "../../tensor/scope.js";
import { Tensor } from "../../tensor/tensor.js";
import type { BestState, BestTracker } from "./best-tracker.js";
import type { Objective } from "./objective.js";
import type { Optimisation, OptimisationState } from "../optimisation/optimisation.js";
import { loadResumePoint, saveResumePoint } from "./resume-point.js";
import type { RunDirectory } from "./run-directory.js";
import type { LogPosition, RunLog } from "./run-log.js";
import type { Throughput, ThroughputState } from "./throughput.js";

/** How far a loop has come. */
export type LoopPosition = {
  /** Steps taken. */
  step: number;
  /** Of the next step, from 1. */
  epoch: number;
  /** Steps of that epoch that are taken. */
  stepInEpoch: number;
  /** Of the generator before it drew the order of that epoch. */
  orderState: RandomState;
  /** Whether the evaluation that may follow the last step is still to be made. */
  isEvaluationDue: boolean;
};

type LoopState<Metrics> = {
  position: LoopPosition;
  optimisation: OptimisationState;
  best: BestState<Metrics>;
  throughput: ThroughputState;
  objective: unknown;
  fingerprint: string;
  settings: Readonly<Record<string, unknown>>;
} & LogPosition;

type Parts<Metrics> = {
  config: object;
  directory: RunDirectory;
  log: RunLog;
  objective: Objective<Metrics>;
  optimisation: Optimisation;
  dropout: Generator;
  best: BestTracker<Metrics>;
  throughput: Throughput;
};

/** Saves all that decides how a loop goes on, and puts it back. */
export class LoopCheckpoint<Metrics> {
  constructor(private readonly parts: Parts<Metrics>) {}

  async save(position: LoopPosition): Promise<void> {
    const { config, directory, log, objective, optimisation, dropout, best, throughput } =
      this.parts;
    const state: LoopState<Metrics> = {
      position,
      optimisation: optimisation.state,
      best: best.state,
      throughput: throughput.state,
      objective: objective.state(),
      fingerprint: objective.fingerprint,
      settings: settingsOf(config),
      ...(await log.sync()),
    };
    await scope(async () => {
      const tensors = this.#tensors(dropout.state);
      await saveResumePoint(directory.resumePoint, { state, tensors });
    });
  }

  /** @returns undefined where nothing was saved */
  async load(): Promise<LoopPosition | undefined> {
    const { config, directory, log, objective, optimisation, dropout, best, throughput } =
      this.parts;
    await directory.clean();
    return scope(async () => {
      const generator = dropout.state;
      const state = await loadResumePoint<LoopState<Metrics>>(
        directory.resumePoint,
        this.#tensors(generator),
        ({ fingerprint, settings }) => {
          if (fingerprint !== objective.fingerprint) throw dataChanged(directory);
          requireSettings(directory, settings, settingsOf(config));
        },
      );
      if (!state) {
        // What was logged before the first save is logged again.
        await log.rewind({ logged: 0, events: 0 });
        return undefined;
      }
      dropout.state = generator;
      optimisation.restore(state.optimisation);
      best.restore(state.best);
      throughput.restore(state.throughput);
      objective.restore(state.objective);
      await log.rewind(state);
      return state.position;
    });
  }

  #tensors(generator: Tensor): Map<string, Tensor> {
    const { objective, optimisation } = this.parts;
    const weights = [...objective.parameters].map(
      ([name, tensor]) => [`weight.${name}`, tensor] as const,
    );
    return new Map([...weights, ...optimisation.tensors(), ["dropout", generator]]);
  }
}

/** Where things lie may change. */
const places = new Set(["output", "device", "model", "members", "train", "dev", "test", "text"]);

/** What of a configuration decides what a run comes to. */
export const settingsOf = (config: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !places.has(key)));

function requireSettings(
  { path }: RunDirectory,
  saved: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): void {
  const keys = [...new Set([...Object.keys(saved), ...Object.keys(now)])];
  const changed = keys.filter((key) => JSON.stringify(saved[key]) !== JSON.stringify(now[key]));
  if (changed.length === 0) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${path}/config.yaml: ${changed.join(", ")} changed since the run was saved, so that it cannot ` +
      "go on exactly. Put the old values back, or start a new run from its last/ model.",
  );
}

const dataChanged = ({ path }: RunDirectory): StsError =>
  new StsError(
    "INVALID_DATA",
    `${path}: the data is not what it was when the run began, so that it cannot go on exactly. ` +
      "Put the old files back, or start a new run.",
  );

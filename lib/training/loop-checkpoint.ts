import type { RandomState } from "../data/random.js";
import { StsError } from "../foundation/errors.js";
import type { Generator } from "../tensor/generator.js";
import { scope } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import type { BestState, BestTracker } from "./best-tracker.js";
import type { Objective } from "./objective.js";
import type { Optimisation, OptimisationState } from "./optimisation.js";
import { loadResumePoint, saveResumePoint } from "./resume-point.js";
import type { RunDirectory } from "./run-directory.js";
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
  /** Bytes of `metrics.jsonl`; what was written after them is written again. */
  logged: number;
};

type Parts<Metrics> = {
  directory: RunDirectory;
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
    const { directory, objective, optimisation, dropout, best, throughput } = this.parts;
    const state: LoopState<Metrics> = {
      position,
      optimisation: optimisation.state,
      best: best.state,
      throughput: throughput.state,
      objective: objective.state(),
      fingerprint: objective.fingerprint,
      logged: await directory.logSize(),
    };
    await scope(async () => {
      const tensors = this.#tensors(dropout.state);
      await saveResumePoint(directory.resumePoint, { state, tensors });
    });
  }

  /** @returns undefined where nothing was saved */
  async load(): Promise<LoopPosition | undefined> {
    const { directory, objective, optimisation, dropout, best, throughput } = this.parts;
    await directory.clean();
    return scope(async () => {
      const generator = dropout.state;
      const state = await loadResumePoint<LoopState<Metrics>>(
        directory.resumePoint,
        this.#tensors(generator),
      );
      if (!state) {
        // What was logged before the first save is logged again.
        await directory.truncateLog(0);
        return undefined;
      }
      if (state.fingerprint !== objective.fingerprint) throw dataChanged(directory);
      dropout.state = generator;
      optimisation.restore(state.optimisation);
      best.restore(state.best);
      throughput.restore(state.throughput);
      objective.restore(state.objective);
      await directory.truncateLog(state.logged);
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

const dataChanged = ({ path }: RunDirectory): StsError =>
  new StsError(
    "INVALID_DATA",
    `${path}: the data is not what it was when the run began, so that it cannot go on exactly. ` +
      "Put the old files back, or start a new run.",
  );

import { StsError, type ErrorCode } from "../../foundation/errors.js";
import type { LoadOptions } from "../../models/cross-encoder.js";
import type { TrainerCallbacks } from "../events.js";
import { Trainer, type TrainerSettings } from "../trainer.js";
import { errorOf } from "./check-trials.js";
import type { PlannedTrial } from "./plan.js";
import type { TrialResult } from "./summary.js";
import type { TrialDirectory } from "./trial-directory.js";

export type TrialSettings = {
  /** Of each trial's training. */
  trainer?: TrainerCallbacks;
  /** When it fires, the step in progress is finished and the trial is saved. */
  signal?: AbortSignal;
  /** Told of the download of a model from the hub. */
  onProgress?: NonNullable<LoadOptions["onProgress"]>;
};

/** What a trial's own settings bring about. */
const ownFaults: readonly ErrorCode[] = ["NOT_FINITE", "OUT_OF_MEMORY"];

/** What may be of its own settings or of those of all: of its own where another trial came through. */
const doubtful: readonly ErrorCode[] = ["INVALID_ARGUMENT", "OPERATOR_FAILED"];

/**
 * Trains a trial, or goes on with it. One that fails by its own settings has that as its result.
 * @param othersFinished whether another trial came through
 * @throws what would hit every trial
 */
export async function runTrial(
  trial: PlannedTrial,
  run: TrialDirectory,
  settings: TrialSettings,
  othersFinished: boolean,
): Promise<TrialResult> {
  const before = await run.seconds();
  const begin = performance.now();
  const seconds = () => before + (performance.now() - begin) / 1000;
  const { trainer, signal, onProgress } = settings;
  const callbacks = timed(trainer ?? {}, () => run.record({ seconds: seconds() }));
  const given: TrainerSettings = {
    callbacks,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  };
  try {
    const training = run.isBegun
      ? await Trainer.resume(run.path, given)
      : new Trainer(trial.training, given);
    await training.train();
    await run.record({ seconds: seconds() });
  } catch (error) {
    const faults = othersFinished ? [...ownFaults, ...doubtful] : ownFaults;
    if (!(error instanceof StsError) || !faults.includes(error.code)) throw errorOf(trial, error);
    const { code, message } = error;
    await run.record({ seconds: seconds(), error: { code, message } });
  }
  return (await run.result())!;
}

/** What a save keeps, its time keeps too. */
const timed = (
  callbacks: TrainerCallbacks,
  keepTime: () => Promise<void>,
): Required<TrainerCallbacks> => ({
  onStart: (event) => callbacks.onStart?.(event),
  onStep: (event) => callbacks.onStep?.(event),
  onEvaluation: (event) => callbacks.onEvaluation?.(event),
  onSave: async (event) => {
    await keepTime();
    await callbacks.onSave?.(event);
  },
});

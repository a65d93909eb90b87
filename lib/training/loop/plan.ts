import type { OptimisationConfig } from "../config.js";

/** How many optimizer steps a run takes, when it evaluates and when it saves. */
export type Plan = {
  examplesPerStep: number;
  stepsPerEpoch: number;
  steps: number;
  warmupSteps: number;
  /** Whether an evaluation follows optimizer step `step`, counted from 1. */
  evaluatesAfter: (step: number) => boolean;
  /** Whether the run is saved after that, so that it can be resumed from there. */
  savesAfter: (step: number) => boolean;
};

type PlanConfig = Pick<
  OptimisationConfig,
  | "batchSize"
  | "accumulation"
  | "epochs"
  | "warmupRatio"
  | "evalSteps"
  | "evalEpochs"
  | "saveSteps"
  | "saveEpochs"
>;

export function planRun(config: PlanConfig, trainExamples: number): Plan {
  const examplesPerStep = config.batchSize * config.accumulation;
  const stepsPerEpoch = Math.ceil(trainExamples / examplesPerStep);
  const steps = stepsPerEpoch * config.epochs;
  const interval = (inSteps: number | undefined, inEpochs: number | undefined) =>
    inSteps ?? (inEpochs && inEpochs * stepsPerEpoch);
  const evaluation = interval(config.evalSteps, config.evalEpochs) ?? stepsPerEpoch;
  const save = interval(config.saveSteps, config.saveEpochs) ?? evaluation;
  // Half an epoch of 5 steps is over after steps 3, 5, 8 and 10. Thirds are not exact.
  const passed = (step: number, some: number) => Math.floor(step / some + 1e-9);
  const every = (some: number) => (step: number) =>
    passed(step, some) > passed(step - 1, some) || step === steps;
  return {
    examplesPerStep,
    stepsPerEpoch,
    steps,
    warmupSteps: Math.ceil(steps * config.warmupRatio),
    evaluatesAfter: every(evaluation),
    savesAfter: every(save),
  };
}

import type { TrainConfig } from "./config.js";

/** How many optimizer steps a run takes and when it evaluates. */
export type Plan = {
  pairsPerStep: number;
  steps: number;
  warmupSteps: number;
  /** Whether an evaluation follows optimizer step `step`, counted from 1. */
  evaluatesAfter: (step: number) => boolean;
};

export function planRun(config: TrainConfig, trainPairs: number): Plan {
  const pairsPerStep = config.batchSize * config.accumulation;
  const stepsPerEpoch = Math.ceil(trainPairs / pairsPerStep);
  const steps = stepsPerEpoch * config.epochs;
  const interval = config.evalSteps ?? stepsPerEpoch;
  return {
    pairsPerStep,
    steps,
    warmupSteps: Math.ceil(steps * config.warmupRatio),
    evaluatesAfter: (step) => step % interval === 0 || step === steps,
  };
}

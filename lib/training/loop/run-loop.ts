import { planRun, type Plan } from "./plan.js";
import { RunDirectory, type RunCommand } from "./run-directory.js";
import { TrainingLoop, type LoopInputs, type LoopOutcome } from "./training-loop.js";

/** Of a run: the directory of one that is gone on with, or undefined for a new one. */
export type RunStart = { resumed: RunDirectory | undefined; command: RunCommand };

/**
 * Begins a run, or goes on with one, and optimises to its end.
 * @param onStart is awaited before the first step
 */
export async function runLoop<Metrics extends object>(
  inputs: Omit<LoopInputs<Metrics>, "plan" | "directory"> & { config: { output: string } },
  { resumed, command }: RunStart,
  onStart: (plan: Plan, resumedFrom: number) => void | Promise<void>,
): Promise<{ outcome: LoopOutcome<Metrics>; directory: RunDirectory }> {
  const { config, objective } = inputs;
  const plan = planRun(config, objective.size);
  const directory = resumed ?? RunDirectory.at(config.output);
  using loop = new TrainingLoop({ ...inputs, plan, directory });
  // Only now is nothing left that could be wrong with the configuration.
  if (!resumed) await directory.begin(config, command);
  await onStart(plan, resumed ? await loop.resume() : 0);
  return { outcome: await loop.run(), directory };
}

import { StsError } from "../../foundation/errors.js";
import { chooseDevice } from "../../tensor/device.js";
import { findModel, leftToModel, type Finding, type FoundModel } from "../left-to-model.js";
import { describeTrial, type PlannedTrial } from "./plan.js";

/**
 * Finds out, before any trial runs, what can be known of all without loading a model, and says in
 * their settings what they leave to their models.
 * @throws StsError `INVALID_ARGUMENT`, naming the trial, and what finding a model throws
 */
export async function checkTrials(
  trials: readonly PlannedTrial[],
  finding: Finding,
): Promise<PlannedTrial[]> {
  const models = new Map<string, FoundModel>();
  const checked: PlannedTrial[] = [];
  for (const trial of trials) {
    const { training } = trial;
    const { model, members, architecture } = training;
    const key = JSON.stringify([model, members, architecture]);
    try {
      chooseDevice(training.device);
      const found = models.get(key) ?? (await findModel(training, finding));
      models.set(key, found);
      checked.push({ ...trial, training: { ...training, ...leftToModel(training, found) } });
    } catch (error) {
      throw errorOf(trial, error);
    }
  }
  return checked;
}

/** An error that came from a trial, with the trial's name. */
export function errorOf(trial: PlannedTrial, error: unknown): unknown {
  if (!(error instanceof StsError) || error.code === "ABORTED") return error;
  const message = `${describeTrial(trial)}: ${error.message}`;
  return new StsError(error.code, message, { cause: error });
}

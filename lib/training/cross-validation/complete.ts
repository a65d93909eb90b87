import { findModel, leftToModel, type Finding, type FromModel } from "../left-to-model.js";
import { foldOptions, type CrossValidationConfig } from "./config.js";

export type CompleteConfig = CrossValidationConfig & FromModel;

/** Whether a configuration says all, so that folds can be brought together where the model is not. */
export const isComplete = (config: CrossValidationConfig): config is CompleteConfig =>
  config.loss !== undefined && config.labelRange !== undefined;

/**
 * Says in a configuration what otherwise the model would.
 * @throws StsError `INVALID_ARGUMENT` for settings that do not fit the model, and what finding it
 *   throws
 */
export async function completeConfig(
  config: CrossValidationConfig,
  finding: Finding,
): Promise<CompleteConfig> {
  const training = foldOptions(config, 1);
  return { ...config, ...leftToModel(training, await findModel(training, finding)) };
}

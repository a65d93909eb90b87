import { resolveModel } from "../../checkpoint/hub.js";
import { defaultLabelRange, type LabelRange } from "../../data/pair.js";
import type { LoadOptions } from "../../models/cross-encoder.js";
import { readStsConfig } from "../../models/sts-config.js";
import { lossFor, requireFitting } from "../check-config.js";
import { kindToTrain } from "../create-model.js";
import { foldOptions, type CrossValidationConfig } from "./config.js";

/** What of the loading of a model concerns finding it. */
type Finding = Pick<LoadOptions, "signal" | "onProgress">;

export type CompleteConfig = CrossValidationConfig & { loss: string; labelRange: LabelRange };

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
  const kind = await kindToTrain(training, finding);
  requireFitting(training, kind);
  return {
    ...config,
    loss: lossFor(training, kind).text,
    labelRange: config.labelRange ?? (await labelRangeOf(config, finding)),
  };
}

/** Members that disagree are refused when they are loaded. */
async function labelRangeOf(
  { model, members = [] }: CrossValidationConfig,
  finding: Finding,
): Promise<LabelRange> {
  const directory = await resolveModel(model ?? members[0]!, finding);
  return (await readStsConfig(directory))?.labelRange ?? defaultLabelRange;
}

import { resolveModel } from "../checkpoint/hub.js";
import { defaultLabelRange, type LabelRange } from "../data/pair.js";
import type { LoadOptions } from "../models/cross-encoder.js";
import { readStsConfig } from "../models/sts-config.js";
import { lossFor, requireFitting } from "./check-config.js";
import type { TrainConfig } from "./config.js";
import { kindToTrain } from "./create-model.js";

/** What of the loading of a model concerns finding it. */
export type Finding = Pick<LoadOptions, "signal" | "onProgress">;

/** What a configuration may leave to its model. */
export type FromModel = { loss: string; labelRange: LabelRange };

/**
 * Finds out what a configuration leaves to the model, without loading it.
 * @throws StsError `INVALID_ARGUMENT` for settings that do not fit the model, and what finding it
 *   throws
 */
export async function leftToModel(training: TrainConfig, finding: Finding): Promise<FromModel> {
  const kind = await kindToTrain(training, finding);
  requireFitting(training, kind);
  return {
    loss: lossFor(training, kind).text,
    labelRange: training.labelRange ?? (await labelRangeOf(training, finding)),
  };
}

/** Members that disagree are refused when they are loaded. */
async function labelRangeOf(
  { model, members = [] }: TrainConfig,
  finding: Finding,
): Promise<LabelRange> {
  const directory = await resolveModel(model ?? members[0]!, finding);
  return (await readStsConfig(directory))?.labelRange ?? defaultLabelRange;
}

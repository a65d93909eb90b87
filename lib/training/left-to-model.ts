import { resolveModel } from "../checkpoint/hub.js";
import { defaultLabelRange, type LabelRange } from "../data/pair.js";
import type { LoadOptions } from "../models/cross-encoder.js";
import { readStsConfig, type ModelKind } from "../models/sts-config.js";
import { lossFor, requireFitting } from "./check-config.js";
import type { TrainConfig } from "./config.js";
import { kindToTrain } from "./create-model.js";

/** What of the loading of a model concerns finding it. */
export type Finding = Pick<LoadOptions, "signal" | "onProgress">;

/** What can be said of a model without loading it. */
export type FoundModel = { kind: ModelKind; labelRange: LabelRange };

/** What a configuration may leave to its model. */
export type FromModel = { loss: string; labelRange: LabelRange };

/** Finds the model that a configuration starts from, and downloads it if need be. */
export async function findModel(config: TrainConfig, finding: Finding): Promise<FoundModel> {
  const { model, members = [] } = config;
  const kind = await kindToTrain(config, finding);
  // Members that disagree are refused when they are loaded.
  const directory = await resolveModel(model ?? members[0]!, finding);
  return { kind, labelRange: (await readStsConfig(directory))?.labelRange ?? defaultLabelRange };
}

/**
 * Says what a configuration leaves to its model.
 * @throws StsError `INVALID_ARGUMENT` for settings that do not fit the model
 */
export function leftToModel(config: TrainConfig, { kind, labelRange }: FoundModel): FromModel {
  requireFitting(config, kind);
  return { loss: lossFor(config, kind).text, labelRange: config.labelRange ?? labelRange };
}

import { resolveModel } from "../checkpoint/hub.js";
import { StsError } from "../foundation/errors.js";
import type { HeadOutput } from "../losses/head-output.js";
import { CrossEncoder, type LoadOptions } from "../models/cross-encoder.js";
import { kindOf, loadModel, loadModels } from "../models/load-model.js";
import type { PairModel } from "../models/pair-model.js";
import { SentenceEncoder } from "../models/sentence-encoder.js";
import { StackingModel } from "../models/stacking-model.js";
import type { ModelKind } from "../models/sts-config.js";
import { VotingModel } from "../models/voting-model.js";
import { headOf } from "./check-config.js";
import type { TrainConfig } from "./config.js";

/** The kind of model that a configuration trains: what it says, or what its model is. */
export async function kindToTrain(config: TrainConfig, options: LoadOptions): Promise<ModelKind> {
  const { architecture, model } = config;
  return architecture ?? kindOf(await resolveModel(requireModel(model), options));
}

/**
 * Loads the model that a configuration starts from.
 * @param output what a cross-encoder's head is to put out; its own when left out
 */
export async function createModel(
  config: TrainConfig,
  kind: ModelKind,
  output: HeadOutput | undefined,
  options: LoadOptions,
): Promise<PairModel> {
  const { model, members, pooling, freezeMembers } = config;
  const head = headOf(config);
  switch (kind) {
    case "cross-encoder":
      return CrossEncoder.load(requireModel(model), {
        ...options,
        ...(head && { head }),
        ...(output && { output }),
      });
    case "sentence-encoder":
      return SentenceEncoder.load(requireModel(model), { ...options, ...(pooling && { pooling }) });
    case "voting":
    case "stacking": {
      const settings = freezeMembers === undefined ? {} : { freezeMembers };
      if (!members) return loadModel(requireModel(model), { ...options, ...settings });
      // A member keeps the range that it was trained on; the ensemble moves its scores.
      const { labelRange, ...ofMembers } = options;
      const loaded = await loadModels(members, ofMembers);
      const Model = kind === "voting" ? VotingModel : StackingModel;
      return Model.create(loaded, { ...settings, ...(labelRange && { labelRange }) });
    }
  }
}

function requireModel(model: string | undefined): string {
  if (model !== undefined) return model;
  throw new StsError("INTERNAL", "A configuration without a model was not refused.");
}

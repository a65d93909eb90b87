import path from "node:path";
import { resolveModel } from "../checkpoint/hub.js";
import { readModuleList } from "../checkpoint/module-list.js";
import { CrossEncoder, type LoadOptions } from "./cross-encoder.js";
import { disposeAll } from "./ensemble-settings.js";
import type { PairModel } from "./pair-model.js";
import { SentenceEncoder } from "./sentence-encoder.js";
import { isCrossEncoder } from "./sentence-transformers/cross-encoder.js";
import { StackingModel } from "./stacking-model.js";
import { readStsConfig, type ConfigOf, type ModelKind } from "./sts-config.js";
import { VotingModel } from "./voting-model.js";

export type LoadModelOptions = LoadOptions & {
  /** Whether training leaves an ensemble's members as they are; its own word when left out. */
  freezeMembers?: boolean | undefined;
};

/**
 * Loads a model directory or a model of the Hugging Face hub as the kind of model that it is, see
 * {@link kindOf}.
 *
 * Of an ensemble, `labelRange` is the scale onto which the members' scores are moved, and
 * `maxLength` and `seed` are the members'.
 * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `HUB_FAILED`,
 *   `INVALID_ARGUMENT`, `ABORTED`
 * @example await using model = await loadModel("runs/sample/best");
 */
export async function loadModel(
  nameOrPath: string,
  options: LoadModelOptions = {},
): Promise<PairModel> {
  const directory = await resolveModel(nameOrPath, options);
  const config = await readStsConfig(directory);
  if (config?.kind === "voting" || config?.kind === "stacking") {
    return loadEnsemble(directory, config, options);
  }
  const kind = config?.kind ?? (await kindWithoutConfig(directory));
  const Model = kind === "sentence-encoder" ? SentenceEncoder : CrossEncoder;
  return Model.load(directory, options);
}

/**
 * The kind of model that a directory holds: what it says, or else a sentence encoder when
 * sentence-transformers saved it as one, and a cross-encoder when not.
 * @throws StsError `CHECKPOINT_CORRUPT`, `IO_FAILED`
 */
export const kindOf = async (directory: string): Promise<ModelKind> =>
  (await readStsConfig(directory))?.kind ?? (await kindWithoutConfig(directory));

async function kindWithoutConfig(directory: string) {
  const hasModules = (await readModuleList(directory)) !== null;
  return hasModules && !(await isCrossEncoder(directory)) ? "sentence-encoder" : "cross-encoder";
}

/**
 * Loads several models, one after the other. What has been loaded is disposed when one fails.
 * @param options of each; heads that are missing are initialised from a seed of their own
 */
export async function loadModels(
  namesOrPaths: readonly string[],
  options: LoadModelOptions = {},
): Promise<PairModel[]> {
  const models: PairModel[] = [];
  try {
    for (const [i, name] of namesOrPaths.entries()) {
      // Members that start alike would make the same mistakes.
      models.push(await loadModel(name, { ...options, seed: (options.seed ?? 0) + i }));
    }
    return models;
  } catch (error) {
    disposeAll(models);
    throw error;
  }
}

async function loadEnsemble(
  directory: string,
  config: ConfigOf<"voting" | "stacking">,
  { labelRange, freezeMembers, ...ofMembers }: LoadModelOptions,
): Promise<PairModel> {
  // An absolute path cannot be taken for the id of a model on the hub.
  const paths = config.members.map((member) => path.resolve(directory, member));
  const members = await loadModels(paths, ofMembers);
  const settings = {
    labelRange: labelRange ?? config.labelRange,
    freezeMembers: freezeMembers ?? config.freezeMembers,
  };
  return config.kind === "voting"
    ? VotingModel.create(members, settings)
    : StackingModel.restore(directory, members, settings);
}

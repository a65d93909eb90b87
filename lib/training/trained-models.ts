import { existsSync } from "node:fs";
import path from "node:path";
import { StsError } from "../foundation/errors.js";
import { chosenFolds } from "./cross-validation/config.js";
import { CrossValidationDirectory } from "./cross-validation/directory.js";
import { commandOf, RunDirectory } from "./loop/run-directory.js";
import type { TrainSummary } from "./summary.js";

/**
 * The models that a name stands for. The directory of a run stands for the weights that count, that
 * of a cross-validation for those of each fold; everything else for itself.
 * @param nameOrPath a run, a model directory or the id of a model on the hub
 * @throws StsError `INVALID_ARGUMENT` where a run or one of its folds has not ended,
 *   `CHECKPOINT_CORRUPT` where its configuration cannot be read
 */
export async function trainedModels(nameOrPath: string): Promise<string[]> {
  if (!existsSync(path.join(nameOrPath, "config.yaml"))) return [nameOrPath];
  const { config } = await RunDirectory.open(nameOrPath);
  const command = commandOf(config);
  if (command !== "crossval") return [await modelOf(nameOrPath, command)];
  const { directory, config: settings } = await CrossValidationDirectory.open(nameOrPath);
  const folds = chosenFolds({ fold: undefined, folds: settings.folds });
  return Promise.all(folds.map((fold) => modelOf(directory.fold(fold).path, command, nameOrPath)));
}

/** @param output the run that `command` goes on with */
async function modelOf(run: string, command: string, output = run): Promise<string> {
  const directory = RunDirectory.at(run);
  const summary = await directory.readSummary<TrainSummary>();
  if (summary) return summary.best ? directory.best : directory.last;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${run}: its training has not ended; go on with it by sts-native ${command} --resume ${output}, ` +
      `or give one of its models, such as ${directory.best}.`,
  );
}

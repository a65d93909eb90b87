import { existsSync } from "node:fs";
import path from "node:path";
import { StsError } from "../foundation/errors.js";
import { chosenFolds } from "./cross-validation/config.js";
import { CrossValidationDirectory } from "./cross-validation/directory.js";
import { commandOf, RunDirectory } from "./loop/run-directory.js";
import type { TrainSummary } from "./summary.js";
import { SweepDirectory } from "./sweep/directory.js";

/**
 * The models that a name stands for. The directory of a run stands for the weights that count, that
 * of a cross-validation for those of each fold; everything else for itself.
 * @param nameOrPath a run, a model directory or the id of a model on the hub
 * @throws StsError `INVALID_ARGUMENT` where a run or one of its parts has not ended, `NOT_FOUND` where
 *   the weights were not kept, `CHECKPOINT_CORRUPT` where its configuration cannot be read
 */
export async function trainedModels(nameOrPath: string): Promise<string[]> {
  if (!existsSync(path.join(nameOrPath, "config.yaml"))) return [nameOrPath];
  const { config } = await RunDirectory.open(nameOrPath);
  const command = commandOf(config);
  if (command === "sweep") return [await modelOf(await bestTrial(nameOrPath), command, nameOrPath)];
  if (command !== "crossval") return [await modelOf(nameOrPath, command)];
  const { directory, config: settings } = await CrossValidationDirectory.open(nameOrPath);
  const folds = chosenFolds({ fold: undefined, folds: settings.folds });
  return Promise.all(folds.map((fold) => modelOf(directory.fold(fold).path, command, nameOrPath)));
}

/** The run of a sweep's best trial. */
async function bestTrial(sweep: string): Promise<string> {
  const summary = await new SweepDirectory(sweep).readSummary();
  if (summary?.best) return summary.best.output;
  throw new StsError(
    "INVALID_ARGUMENT",
    summary
      ? `${sweep}: no trial of the sweep has come to a Pearson on dev.`
      : `${sweep}: the sweep has not ended; go on with it by sts-native sweep --resume ${sweep}, or give ` +
          "the directory of one of its trials.",
  );
}

/** @param output the run that `command` goes on with */
async function modelOf(run: string, command: string, output = run): Promise<string> {
  const directory = RunDirectory.at(run);
  const summary = await directory.readSummary<TrainSummary>();
  if (summary) return kept(summary.best ? directory.best : directory.last, run);
  throw new StsError(
    "INVALID_ARGUMENT",
    `${run}: its training has not ended; go on with it by sts-native ${command} --resume ${output}, ` +
      `or give one of its models, such as ${directory.best}.`,
  );
}

function kept(model: string, run: string): string {
  if (existsSync(model)) return model;
  throw new StsError(
    "NOT_FOUND",
    `${model}: is not there; a sweep keeps the weights of its best trials alone (keep). To train it again: ` +
      `sts-native train --config ${path.join(run, "config.yaml")} --output OTHER`,
  );
}

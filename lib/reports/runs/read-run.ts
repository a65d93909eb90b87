import { describe, StsError } from "../../foundation/errors.js";
import { commandOf, RunDirectory } from "../../training/loop/run-directory.js";
import { readCrossValidation } from "./read-cross-validation.js";
import { readPretraining, readTraining } from "./read-training.js";
import type { Run } from "./run.js";
import { flatten } from "./settings.js";

/**
 * Reads the directory of a run, finished or not: of a training, a pre-training or a cross-validation
 * with its folds.
 * @throws StsError `NOT_FOUND` for a directory that is none, `INVALID_ARGUMENT` for a sweep,
 *   `INVALID_DATA` for a damaged file, `CHECKPOINT_CORRUPT`, `IO_FAILED`, `ABORTED`
 */
export async function readRun(directory: string, signal?: AbortSignal): Promise<Run> {
  const config = await readConfig(directory);
  const run = { name: directory, path: directory, settings: flatten(config), folds: [] };
  const kind = commandOf(config);
  switch (kind) {
    case "train":
      return { ...run, kind, ...(await readTraining(directory, signal)) };
    case "pretrain":
      return { ...run, kind, ...(await readPretraining(directory, signal)) };
    case "crossval": {
      const folds = Number(run.settings.folds);
      return { ...run, kind, ...(await readCrossValidation(directory, folds, signal)) };
    }
    case "sweep":
      throw new StsError(
        "INVALID_ARGUMENT",
        `${directory}: is a sweep, which has a page of its own. To compare some of its trials, give ` +
          "their directories.",
      );
  }
}

async function readConfig(directory: string): Promise<object> {
  const { config } = await RunDirectory.open(directory);
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return config;
  throw new StsError(
    "INVALID_DATA",
    `${directory}/config.yaml: expected the settings of a run, got ${describe(config)}.`,
  );
}

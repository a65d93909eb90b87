import { existsSync } from "node:fs";
import path from "node:path";
import { foldName } from "../../training/cross-validation/config.js";
import { RunDirectory } from "../../training/loop/run-directory.js";
import { emptyLog } from "./read-log.js";
import { readTargets, readTraining } from "./read-training.js";
import type { Fold, RunState } from "./run.js";
import { readSummary, summarySchemas } from "./summaries.js";

/**
 * What a cross-validation and its folds have come to.
 * @param of how many folds there are to be
 */
export async function readCrossValidation(
  directory: string,
  of: number,
  signal?: AbortSignal,
): Promise<RunState & { folds: Fold[] }> {
  const summary = await readSummary(directory, summarySchemas.crossval);
  const folds: Fold[] = [];
  for (let fold = 1; fold <= of; fold++) {
    const place = path.join(directory, foldName(fold));
    if (!existsSync(RunDirectory.at(place).metrics)) continue;
    const { figures, ...state } = await readTraining(place, signal);
    const written = summary?.folds.find((each) => each.fold === fold)?.dev;
    folds.push({ fold, ...state, figures: { ...figures, dev: written ?? figures.dev } });
  }
  return {
    isFinished: summary !== undefined,
    figures: {
      dev: summary?.outOfFold ?? null,
      best: null,
      test: summary?.test ?? null,
      steps: folds.reduce((sum, { figures }) => sum + figures.steps, 0),
      epochs: Math.max(0, ...folds.map(({ figures }) => figures.epochs)),
      examplesPerSecond: null,
    },
    log: emptyLog(),
    predictions: await readTargets(path.join(directory, "predictions-oof.csv")),
    folds,
  };
}

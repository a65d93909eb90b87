import { existsSync } from "node:fs";
import { RunDirectory } from "../../training/loop/run-directory.js";
import { loadPredictions } from "../../data/read-predictions.js";
import { type Evaluation, readLog, type RunLog } from "./read-log.js";
import type { RunFigures, RunState } from "./run.js";
import { readSummary, summarySchemas } from "./summaries.js";

/** What a training has come to, from its log and, once it is finished, its summary. */
export async function readTraining(directory: string, signal?: AbortSignal): Promise<RunState> {
  const log = await readLog(RunDirectory.at(directory).metrics, signal);
  const summary = await readSummary(directory, summarySchemas.train);
  if (!summary) return unfinished(log);
  const { best, test, steps, pairsPerSecond } = summary;
  const result = { test, steps, examplesPerSecond: pairsPerSecond };
  const predictions = await readTargets(RunDirectory.at(directory).predictions("dev"));
  return { isFinished: true, figures: { ...figuresOf(log, best), ...result }, log, predictions };
}

/** The same of a pre-training. */
export async function readPretraining(directory: string, signal?: AbortSignal): Promise<RunState> {
  const log = await readLog(RunDirectory.at(directory).metrics, signal);
  const summary = await readSummary(directory, summarySchemas.pretrain);
  if (!summary) return unfinished(log);
  const { best, steps, linesPerSecond } = summary;
  const result = { steps, examplesPerSecond: linesPerSecond };
  return {
    isFinished: true,
    figures: { ...figuresOf(log, best), ...result },
    log,
    predictions: null,
  };
}

const unfinished = (log: RunLog): RunState => ({
  isFinished: false,
  figures: figuresOf(log, log.evaluations.findLast(({ isBest }) => isBest) ?? null),
  log,
  predictions: null,
});

/** @param best the evaluation that chose the weights, as far as it is known; the log says more */
function figuresOf(
  { steps, epoch: epochs, examplesPerSecond, evaluations }: RunLog,
  best: Pick<Evaluation, "epoch" | "step" | "metrics"> | null,
): RunFigures {
  const logged = evaluations.find(({ step }) => step === best?.step);
  return {
    dev: best && { ...logged?.metrics, ...best.metrics },
    best: best && { epoch: best.epoch, step: best.step },
    test: null,
    steps: steps.step.at(-1) ?? 0,
    epochs,
    examplesPerSecond,
  };
}

/**
 * The targets of a prediction file; null where there is none, as of a full training.
 * @throws StsError `INVALID_DATA`, `IO_FAILED`
 */
export async function readTargets(file: string): Promise<number[] | null> {
  if (!existsSync(file)) return null;
  return (await loadPredictions(file)).map(({ target }) => target);
}

import { clampLabel } from "../../data/pair.js";
import { similarityMetrics } from "../../evaluation/metrics.js";
import type { DividedData } from "./data.js";
import type { CrossValidationDirectory } from "./directory.js";
import type { FoldDirectory } from "./fold-directory.js";
import { spreadOf, type CrossValidationSummary, type Figures, type FoldResult } from "./summary.js";

/** A finished fold: its figures, and its predictions of the pairs that it held out, in order. */
type FoldOutcome = { result: FoldResult; targets: number[] };

/**
 * What a fold has come to; undefined where it is not finished.
 * @param fold from 1
 * @throws StsError `INVALID_DATA` where its predictions are not of its pairs
 */
export async function outcomeOfFold(
  directory: FoldDirectory,
  fold: number,
  data: DividedData,
): Promise<FoldOutcome | undefined> {
  const summary = await directory.summary();
  if (!summary) return undefined;
  const pairs = data.folds[fold - 1]!.map((index) => data.pairs[index]!);
  const targets = await directory.predictions("dev", pairs);
  const figures = figuresOf(
    targets,
    pairs.map(({ label }) => label!),
  );
  const buckets = data.buckets[fold - 1]!;
  const { best } = summary;
  return { result: { fold, ...figures, buckets, best, output: directory.path }, targets };
}

/**
 * Brings the folds together. Once all are finished, their predictions and the summary are written.
 * @throws StsError `INVALID_DATA`, `IO_FAILED`
 */
export async function mergeFolds(
  directory: CrossValidationDirectory,
  data: DividedData,
): Promise<CrossValidationSummary> {
  const numbers = data.folds.map((_, i) => i + 1);
  const outcomes = await Promise.all(
    numbers.map((fold) => outcomeOfFold(directory.fold(fold), fold, data)),
  );
  const finished = outcomes.filter((outcome) => outcome !== undefined);
  const folds = finished.map(({ result }) => result);
  const output = directory.path;
  if (finished.length < numbers.length) {
    const missing = numbers.filter((_, i) => outcomes[i] === undefined);
    return { folds, missing, spread: null, outOfFold: null, test: null, output };
  }
  const summary: CrossValidationSummary = {
    folds,
    missing: [],
    spread: {
      pearson: spreadOf(folds.map(({ pearson }) => pearson)),
      spearman: spreadOf(folds.map(({ spearman }) => spearman)),
    },
    outOfFold: await mergeOutOfFold(directory, data, finished),
    test: await averageTest(directory, data),
    output,
  };
  await directory.writeSummary(summary);
  return summary;
}

/** Puts every prediction where its pair is. */
async function mergeOutOfFold(
  directory: CrossValidationDirectory,
  { pairs, folds }: DividedData,
  outcomes: readonly FoldOutcome[],
): Promise<Figures> {
  const targets = new Array<number>(pairs.length);
  outcomes.forEach(({ targets: some }, i) => {
    folds[i]!.forEach((index, place) => (targets[index] = some[place]!));
  });
  await directory.writePredictions("oof", pairs, targets);
  return figuresOf(
    targets,
    pairs.map(({ label }) => label!),
  );
}

/** @returns null without a test file, or where not every pair of it has a label */
async function averageTest(
  directory: CrossValidationDirectory,
  { test, folds, labelRange }: DividedData,
): Promise<Figures | null> {
  if (!test) return null;
  const predictions = await Promise.all(
    folds.map((_, i) => directory.fold(i + 1).predictions("test", test)),
  );
  const means = test.map((_, pair) => {
    const sum = predictions.reduce((total, targets) => total + targets[pair]!, 0);
    // A mean of equal numbers may be off by its last digit.
    return clampLabel(sum / folds.length, labelRange);
  });
  await directory.writePredictions("test", test, means);
  const labels = test.flatMap(({ label }) => label ?? []);
  return labels.length < test.length || labels.length < 2 ? null : figuresOf(means, labels);
}

function figuresOf(predictions: readonly number[], labels: readonly number[]): Figures {
  const { n, pearson, spearman, mse, mae } = similarityMetrics(predictions, labels);
  return { n, pearson, spearman, mse, mae };
}

import { bucketCount, bucketOf } from "../data/buckets.js";
import { Leading } from "../data/description/collect.js";
import type {
  BucketErrors,
  Errors,
  LabelledPredictions,
  PredictedPair,
  PredictionsDescription,
  SourceErrors,
} from "../data/description/description.js";
import { bucketLabels, histogramOf, momentsOf } from "../data/description/statistics.js";
import {
  clampLabel,
  defaultLabelRange,
  requireLabelRange,
  type LabelRange,
  type SentencePair,
} from "../data/pair.js";
import { invalidArgument, StsError } from "../foundation/errors.js";
import { meanAbsoluteError, meanSquaredError, pearson, similarityMetrics } from "./metrics.js";

export type DescribePredictionsOptions = {
  /** The prediction file and the data file, to name them. */
  path: string;
  data: string;
  /** Default: 0 to 5. */
  labelRange?: LabelRange | undefined;
  /** As many of the worst predictions are listed. Default: 5. */
  examples?: number | undefined;
};

/** As many sources are listed. */
const mostSources = 50;

/** A pair with a label, and what was predicted for it. */
type Predicted = { pair: SentencePair; label: number; prediction: number };

/**
 * Says how predictions are distributed beside the labels of their pairs, and where they are wrong.
 * @param pairs with labels as far as they are known
 * @param predictions [pairs.length], on the scale of the labels
 * @throws StsError `INVALID_ARGUMENT` for two lengths or no predictions, `NOT_FINITE`
 */
export function describePredictions(
  pairs: readonly SentencePair[],
  predictions: readonly number[],
  { path, data, labelRange, examples = 5 }: DescribePredictionsOptions,
): PredictionsDescription {
  requirePredictions(pairs, predictions);
  const range = requireLabelRange(labelRange ?? defaultLabelRange);
  const labelled = pairs.flatMap((pair, i) =>
    pair.label === null ? [] : [{ pair, label: pair.label, prediction: predictions[i]! }],
  );
  return {
    ...{ path, data, labelRange: range },
    predictions: distribution(predictions, range),
    labelled: labelled.length < 2 ? null : describeLabelled(labelled, data, range, examples),
  };
}

function requirePredictions(pairs: readonly SentencePair[], predictions: readonly number[]): void {
  if (pairs.length === 0) throw invalidArgument("pairs", "at least one", "none");
  if (predictions.length !== pairs.length) {
    throw invalidArgument(
      "predictions",
      `one for each of ${pairs.length} pairs`,
      predictions.length,
    );
  }
  const wrong = predictions.findIndex((prediction) => !Number.isFinite(prediction));
  if (wrong < 0) return;
  throw new StsError(
    "NOT_FINITE",
    `predictions[${wrong}]: expected a finite number, got ${predictions[wrong]!}.`,
  );
}

const distribution = (values: readonly number[], range: LabelRange) => ({
  ...momentsOf(values)!,
  histogram: histogramOf(values, range),
});

function describeLabelled(
  predicted: readonly Predicted[],
  data: string,
  range: LabelRange,
  examples: number,
): LabelledPredictions {
  const [predictions, labels] = columnsOf(predicted);
  const worst = new Leading<Predicted>(examples, (a, b) => errorOf(b) - errorOf(a));
  for (const each of predicted) worst.add(each);
  return {
    labels: distribution(labels, range),
    metrics: similarityMetrics(predictions, labels),
    byLabel: byBucket(predicted, range, ({ label }) => label),
    byPrediction: byBucket(predicted, range, ({ prediction }) => clampLabel(prediction, range)),
    bySource: predicted.some(({ pair }) => pair.source !== undefined) ? bySource(predicted) : null,
    worst: worst.items.map((each) => toExample(each, data)),
  };
}

const errorOf = ({ label, prediction }: Predicted): number => Math.abs(prediction - label);

function columnsOf(predicted: readonly Predicted[]): [predictions: number[], labels: number[]] {
  return [predicted.map(({ prediction }) => prediction), predicted.map(({ label }) => label)];
}

/** @param valueOf within the range, by which a pair belongs to a bucket */
function byBucket(
  predicted: readonly Predicted[],
  range: LabelRange,
  valueOf: (predicted: Predicted) => number,
): BucketErrors[] {
  const buckets = Array.from({ length: bucketCount }, (): Predicted[] => []);
  for (const each of predicted) buckets[bucketOf(valueOf(each), range)]!.push(each);
  return bucketLabels(range).map((label, bucket) => ({ label, ...errorsOf(buckets[bucket]!) }));
}

function bySource(predicted: readonly Predicted[]): SourceErrors[] {
  const groups = new Map<string | null, Predicted[]>();
  for (const each of predicted) {
    const source = each.pair.source ?? null;
    const group = groups.get(source);
    if (group) group.push(each);
    else groups.set(source, [each]);
  }
  const sources = [...groups].sort(([, a], [, b]) => b.length - a.length).slice(0, mostSources);
  return sources.map(([source, group]) => {
    const [predictions, labels] = columnsOf(group);
    const correlation = group.length < 2 ? null : pearson(predictions, labels);
    return { source, ...errorsOf(group), pearson: correlation };
  });
}

function errorsOf(predicted: readonly Predicted[]): Errors {
  const n = predicted.length;
  if (n === 0) return { n, meanLabel: null, meanPrediction: null, mse: null, mae: null };
  const [predictions, labels] = columnsOf(predicted);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  return {
    ...{ n, meanLabel: mean(labels), meanPrediction: mean(predictions) },
    mse: meanSquaredError(predictions, labels),
    mae: meanAbsoluteError(predictions, labels),
  };
}

function toExample({ pair, label, prediction }: Predicted, path: string): PredictedPair {
  const { id, line, sentence1, sentence2 } = pair;
  return { path, line, id, sentence1, sentence2, label, prediction };
}

import { StsError } from "../foundation/errors.js";
import type { SentencePair } from "../data/pair.js";
import type { Encoded, PairModel } from "../models/pair-model.js";
import { similarityMetrics, type SimilarityMetrics } from "./metrics.js";

/** Pairs as a model reads them, and their labels. */
export type EvaluationSet = {
  encodings: readonly Encoded[];
  /** [encodings.length], on the label scale. */
  labels: readonly number[];
};

/** Tokenises labelled pairs for a model. Throws `INVALID_DATA` when a label is missing. */
export async function prepare(
  model: PairModel,
  pairs: readonly SentencePair[],
  signal?: AbortSignal,
): Promise<EvaluationSet> {
  const labels = pairs.map(({ label, line }) => {
    if (label !== null) return label;
    throw new StsError("INVALID_DATA", `line ${line}: the pair has no label.`);
  });
  const encodings = await model.tokenize(pairs.map(toPair), signal);
  return { encodings, labels };
}

export const toPair = ({ sentence1, sentence2 }: SentencePair) => [sentence1, sentence2] as const;

/**
 * Correlation and error over the whole set at once, on the model's raw outputs: clamping them to
 * the label range would change the correlation that Python measures.
 */
export async function evaluate(
  model: PairModel,
  { encodings, labels }: EvaluationSet,
  options: { batchSize?: number; signal?: AbortSignal | undefined } = {},
): Promise<SimilarityMetrics> {
  const scores = await model.predictEncoded(encodings, { ...options, clamp: false });
  return similarityMetrics(scores, labels);
}

import { resolveModel, type ResolveOptions } from "../../checkpoint/hub.js";
import { defaultLabelRange, type LabelRange } from "../../data/pair.js";
import { loadPairs, type ReadOptions } from "../../data/read-pairs.js";
import { Random } from "../../data/random.js";
import { similarityMetrics } from "../../evaluation/metrics.js";
import type { PredictionPrecision } from "../../models/precision.js";
import { readStsConfig } from "../../models/sts-config.js";
import { scoreChange, type PrecisionFigures, type Speed } from "./figures.js";
import { inProcess } from "./in-process.js";
import { isForTraining, type MeasuredPrediction, type Measurement } from "./measure.js";
import { recommend, type Recommendation } from "./recommend.js";
import { syntheticPairs, type BenchmarkPair } from "./synthetic-pairs.js";

export type BenchmarkOptions = Pick<ReadOptions, "format" | "columns" | "onBadRow"> &
  ResolveOptions & {
    /** Model directory or hub id. */
    model: string;
    /** Pairs to measure with, of which some are drawn; made-up Korean ones when left out. */
    data?: string | undefined;
    /** fp32, which the others are compared with, is measured in any case. */
    precisions?: readonly PredictionPrecision[];
    /** Pairs that are predicted at most. Default: 256. */
    pairs?: number;
    /** Pairs computed at a time. Default: 16. */
    batchSize?: number;
    /** Steps of training that are measured. Default: 8. */
    steps?: number;
    /** Tokens of an input at most; the model's own limit when left out. */
    maxLength?: number | undefined;
    /** Where to compute: `cpu`, which is the default, `cuda`, `cuda:1`. */
    device?: string | undefined;
    /** Told what is measured next. */
    onMeasurement?: (job: Measurement["job"], precision: PredictionPrecision) => void;
  };

export type Benchmark = {
  /** Pairs that were predicted, and whether they have labels that Pearson can be taken with. */
  pairs: number;
  labelled: boolean;
  batchSize: number;
  /** fp32 first. */
  precisions: PrecisionFigures[];
  recommended: Recommendation;
};

/**
 * Measures a model on this machine: how fast it predicts and trains in each precision, in how much
 * memory, and how far its scores are from those of fp32. Each measurement is a process of its own.
 * @throws StsError `NOT_FOUND`, `INVALID_DATA`, `INVALID_ARGUMENT`, `ABORTED`, and what loading,
 *   predicting and training throw
 * @example
 * const { recommended } = await benchmark({ model: "runs/first/best", precisions: ["bf16"] });
 */
export async function benchmark(options: BenchmarkOptions): Promise<Benchmark> {
  const { precisions = ["bf16"], batchSize = 16, steps = 8 } = options;
  const { maxLength, device = "cpu", signal, onMeasurement } = options;
  const model = await resolveModel(options.model, options);
  const labelRange = (await readStsConfig(model))?.labelRange ?? defaultLabelRange;
  const pairs = await choosePairs(options, labelRange);
  const labels = pairs.flatMap(({ label }) => label ?? []);
  const labelled = labels.length === pairs.length && labels.length > 1;
  const measure = <T>(job: Measurement["job"], precision: PredictionPrecision): Promise<T> => {
    onMeasurement?.(job, precision);
    return inProcess<T>(
      {
        ...{ job, model, precision, batchSize, maxLength, device, steps },
        pairs: job === "train" ? withLabels(pairs, labelRange) : pairs,
      },
      signal,
    );
  };

  const results: PrecisionFigures[] = [];
  let reference: readonly number[] | undefined;
  for (const precision of new Set<PredictionPrecision>(["fp32", ...precisions])) {
    const { scores, ...predict } = await measure<MeasuredPrediction>("predict", precision);
    const pearson = labelled ? similarityMetrics(scores, labels).pearson : null;
    const change = reference ? scoreChange(scores, reference) : null;
    reference ??= scores;
    const train = isForTraining(precision) ? await measure<Speed>("train", precision) : null;
    results.push({ precision, predict: { ...predict, pearson, change }, train });
  }
  const recommended = recommend(results, labelRange);
  return { pairs: pairs.length, labelled, batchSize, precisions: results, recommended };
}

/** Drawn from all of the file, for files are often sorted. */
async function choosePairs(
  { data, format, columns, onBadRow = "error", pairs: count = 256 }: BenchmarkOptions,
  labelRange: LabelRange,
): Promise<BenchmarkPair[]> {
  if (data === undefined) return syntheticPairs(count);
  const options = { format, columns, onBadRow, labelRange, labels: "optional" } as const;
  const { pairs } = await loadPairs(data, options);
  return new Random(0)
    .shuffle(pairs)
    .slice(0, count)
    .map(({ sentence1, sentence2, label }) => ({ sentence1, sentence2, label }));
}

/** Training needs labels; its speed does not depend on them. */
const withLabels = (pairs: readonly BenchmarkPair[], { min, max }: LabelRange): BenchmarkPair[] =>
  pairs.map((pair) => ({ ...pair, label: pair.label ?? (min + max) / 2 }));

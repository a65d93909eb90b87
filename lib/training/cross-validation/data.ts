import type { BadRow } from "../../data/bad-rows.js";
import { countBuckets } from "../../data/buckets.js";
import { copyWarnings, type Division } from "../../data/copies.js";
import { scarceBuckets } from "../../data/folds.js";
import type { LabelRange, SentencePair } from "../../data/pair.js";
import { loadPairs } from "../../data/read-pairs.js";
import type { CompleteConfig } from "./complete.js";
import { bucketsOf, divide, fingerprintOf } from "./held-out-fold.js";

/** What a cross-validation works on. Pairs are known by their place, for ids may repeat. */
export type DividedData = {
  /** Train, then dev where they are joined. */
  pairs: SentencePair[];
  /** The indices of each fold, ascending. */
  folds: number[][];
  /** Of the fold's labels, [folds][6]. */
  buckets: number[][];
  /** null where there is no test file. */
  test: SentencePair[] | null;
  /** Of the labels and predictions. */
  labelRange: LabelRange;
  fingerprint: string;
  /** Rows left out, by file. */
  skipped: Map<string, readonly BadRow[]>;
  warnings: string[];
};

/** Reads the files of a cross-validation as its trainings do, and divides the pairs. */
export async function loadDivided(config: CompleteConfig): Promise<DividedData> {
  const skipped = new Map<string, readonly BadRow[]>();
  const { format, columns, onBadRow, labelRange, folds: of, stratified, seed } = config;
  const load = async (file: string | undefined, labels: "required" | "optional") => {
    if (file === undefined) return null;
    const options = { format, columns, labelRange, onBadRow, labels };
    const result = await loadPairs(file, options);
    if (result.skipped.length > 0) skipped.set(file, result.skipped);
    return result.pairs;
  };
  const train = await load(config.train, "required");
  const dev = await load(config.dev, "required");
  const test = await load(config.test, "optional");
  const pairs = [...(train ?? []), ...(dev ?? [])];
  const folds = divide(pairs, { of, stratified, seed }, labelRange);
  const labelsOf = (indices: readonly number[]) => indices.map((index) => pairs[index]!.label!);
  return {
    pairs,
    folds,
    buckets: folds.map((indices) => countBuckets(labelsOf(indices), labelRange)),
    test,
    labelRange,
    fingerprint: fingerprintOf(pairs),
    skipped,
    warnings: [
      ...(stratified ? warningsOf(bucketsOf(pairs, labelRange), of) : []),
      ...copyWarnings(folds.map((fold) => divisionOf(pairs, fold))),
    ],
  };
}

function divisionOf(pairs: readonly SentencePair[], fold: readonly number[]): Division {
  const chosen = new Set(fold);
  return {
    heldOut: fold.map((index) => pairs[index]!),
    train: pairs.filter((_, index) => !chosen.has(index)),
  };
}

const warningsOf = (buckets: readonly number[], folds: number): string[] =>
  [...scarceBuckets(buckets, folds)]
    .sort(([a], [b]) => a - b)
    .map(
      ([bucket, size]) =>
        `bucket ${bucket} of the labels has ${size} of the pairs, fewer than the ${folds} folds: ` +
        "not every fold has one.",
    );

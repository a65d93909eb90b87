import type { LabelRange, SentencePair } from "../data/pair.js";
import type { BadRow } from "../data/bad-rows.js";
import { loadPairs } from "../data/read-pairs.js";
import { trainValidationSplit } from "../data/split.js";
import { StsError } from "../foundation/errors.js";
import type { TrainConfig } from "./config.js";

export type Datasets = {
  train: SentencePair[];
  dev: SentencePair[];
  /** null where there is no test file. */
  test: SentencePair[] | null;
  /** Rows left out, by file. */
  skipped: Map<string, readonly BadRow[]>;
};

/**
 * Reads the files of a configuration; without a dev file, splits one from train.
 * @param labelRange what the labels are checked against
 */
export async function loadDatasets(config: TrainConfig, labelRange: LabelRange): Promise<Datasets> {
  const skipped = new Map<string, readonly BadRow[]>();
  const load = async (file: string, labels: "required" | "optional") => {
    const { format, columns, onBadRow } = config;
    const result = await loadPairs(file, { format, columns, labelRange, onBadRow, labels });
    if (result.skipped.length > 0) skipped.set(file, result.skipped);
    return result.pairs;
  };
  const all = await load(config.train, "required");
  const { train, validation } =
    config.dev === undefined
      ? trainValidationSplit(all, config.validationRatio, config.seed)
      : { train: all, validation: await load(config.dev, "required") };
  const test = config.test === undefined ? null : await load(config.test, "optional");
  requireCorrelation(config.dev ?? config.train, validation);
  return { train, dev: validation, test, skipped };
}

function requireCorrelation(file: string, pairs: readonly SentencePair[]): void {
  if (pairs.length >= 2) return;
  throw new StsError(
    "INVALID_DATA",
    `${file}: a correlation needs at least 2 pairs to evaluate on, there is ${pairs.length}.`,
  );
}

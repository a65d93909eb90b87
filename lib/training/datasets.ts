import type { BadRow } from "../data/bad-rows.js";
import { loadExamples, type Example } from "../data/examples.js";
import type { LabelRange, SentencePair } from "../data/pair.js";
import { loadPairs } from "../data/read-pairs.js";
import { trainValidationSplit } from "../data/split.js";
import { StsError } from "../foundation/errors.js";
import type { TrainConfig } from "./config.js";
import { holdOut } from "./cross-validation/held-out-fold.js";

export type Datasets = {
  train: Example[];
  /** null in a full training, which has no validation. */
  dev: SentencePair[] | null;
  /** The fold that a full training leaves out: predicted at the end, and for nothing else. */
  leftOut?: SentencePair[];
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
  const { format, columns, onBadRow } = config;
  const note = <T extends { skipped: readonly BadRow[] }>(file: string, result: T): T => {
    if (result.skipped.length > 0) skipped.set(file, result.skipped);
    return result;
  };
  const load = async (file: string, labels: "required" | "optional") => {
    const options = { format, columns, labelRange, onBadRow, labels };
    return note(file, await loadPairs(file, options)).pairs;
  };
  const test = config.test === undefined ? null : await load(config.test, "optional");
  const devPairs = config.dev === undefined ? null : await load(config.dev, "required");

  if (config.examples !== "scored") {
    const options = { kind: config.examples, format, columns, labelRange, onBadRow };
    const loaded = await loadExamples(config.train, { ...options, seed: config.seed });
    return {
      train: note(config.train, loaded).examples,
      dev: checked(config, devPairs),
      test,
      skipped,
    };
  }
  const all = await load(config.train, "required");
  if (config.heldOutFold) {
    const pairs = [...all, ...(devPairs ?? [])];
    const { train, heldOut } = holdOut(pairs, config.heldOutFold, labelRange);
    const rest = config.fullTrain ? { dev: null, leftOut: heldOut } : { dev: heldOut };
    return { train: train.map(toExample), ...rest, test, skipped };
  }
  if (config.fullTrain) {
    return { train: [...all, ...(devPairs ?? [])].map(toExample), dev: null, test, skipped };
  }
  const { train, validation } = devPairs
    ? { train: all, validation: devPairs }
    : trainValidationSplit(all, config.validationRatio, config.seed);
  return { train: train.map(toExample), dev: checked(config, validation), test, skipped };
}

const toExample = ({ sentence1, sentence2, label, line }: SentencePair): Example => ({
  texts: [sentence1, sentence2],
  label: label!,
  line,
});

/** A correlation needs two pairs. */
function checked(config: TrainConfig, dev: SentencePair[] | null): SentencePair[] | null {
  if (dev === null || dev.length >= 2) return dev;
  throw new StsError(
    "INVALID_DATA",
    `${config.dev ?? config.train}: a correlation needs at least 2 pairs to evaluate on, there is ${dev.length}.`,
  );
}

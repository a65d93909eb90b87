import type { BadRow } from "../data/bad-rows.js";
import { copyWarnings } from "../data/copies.js";
import { loadExamples, type Example } from "../data/examples.js";
import type { LabelRange, SentencePair } from "../data/pair.js";
import { loadPairs } from "../data/read-pairs.js";
import { trainValidationSplit } from "../data/split.js";
import { StsError } from "../foundation/errors.js";
import type { PairModel } from "../models/pair-model.js";
import { locatedTexts, ReadingCheck, type LocatedTexts } from "../models/reading-check.js";
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
  /** What a user ought to know of the data. */
  warnings: string[];
};

/** What of the data depends on how pairs are divided. */
type Parts = Omit<Datasets, "test" | "skipped">;

/**
 * Reads the files of a configuration; without a dev file, splits one from train.
 * @param model its label range is what labels are checked against
 * @throws StsError `INVALID_DATA`, `NOT_FOUND`, `INVALID_ARGUMENT`, `ABORTED`
 */
export async function loadDatasets(
  config: TrainConfig,
  { labelRange, readers }: Pick<PairModel, "labelRange" | "readers">,
  signal?: AbortSignal,
): Promise<Datasets> {
  const skipped = new Map<string, readonly BadRow[]>();
  const reading = new ReadingCheck(readers);
  const { train: file, format, columns, onBadRow } = config;
  const note = async (path: string, rows: readonly LocatedTexts[], bad: readonly BadRow[]) => {
    if (bad.length > 0) skipped.set(path, bad);
    await reading.add(path, rows, signal);
  };
  const load = async (path: string, labels: "required" | "optional") => {
    const options = { format, columns, labelRange, onBadRow, labels };
    const { pairs, skipped: bad } = await loadPairs(path, options);
    await note(path, pairs.map(locatedTexts), bad);
    return pairs;
  };
  const test = config.test === undefined ? null : await load(config.test, "optional");
  const dev = config.dev === undefined ? null : await load(config.dev, "required");
  let parts: Parts;
  if (config.examples === "scored") {
    parts = divide(config, await load(file, "required"), dev, labelRange);
  } else {
    const options = { kind: config.examples, format, columns, labelRange, onBadRow };
    const loaded = await loadExamples(file, { ...options, seed: config.seed });
    await note(file, loaded.examples, loaded.skipped);
    parts = { train: loaded.examples, dev: checked(config, dev), warnings: [] };
  }
  return { ...parts, test, skipped, warnings: [...parts.warnings, ...reading.warnings] };
}

/** Divides scored pairs into what is trained on and what is held out. */
function divide(
  config: TrainConfig,
  all: SentencePair[],
  dev: SentencePair[] | null,
  labelRange: LabelRange,
): Parts {
  const { heldOutFold, fullTrain, validationRatio, seed } = config;
  if (heldOutFold) {
    const { train, heldOut } = holdOut([...all, ...(dev ?? [])], heldOutFold, labelRange);
    const rest = fullTrain ? { dev: null, leftOut: heldOut } : { dev: heldOut };
    // Of a cross-validation, which has looked at all folds.
    const isKnown = heldOutFold.data !== undefined;
    const warnings = isKnown ? [] : copyWarnings([{ heldOut, train }]);
    return { train: train.map(toExample), ...rest, warnings };
  }
  if (fullTrain) {
    return { train: [...all, ...(dev ?? [])].map(toExample), dev: null, warnings: [] };
  }
  if (dev) return { train: all.map(toExample), dev: checked(config, dev), warnings: [] };
  const { train, validation } = trainValidationSplit(all, validationRatio, seed);
  const warnings = copyWarnings([{ heldOut: validation, train }]);
  return { train: train.map(toExample), dev: checked(config, validation), warnings };
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

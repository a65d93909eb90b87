import type { BadRow } from "../bad-rows.js";
import type { PairColumns } from "../pair-columns.js";
import type { LabelRange } from "../pair.js";

/** What files of pairs hold. Every object here is plain: `JSON.stringify` writes all of it. */
export type DataDescription = {
  labelRange: LabelRange;
  /** What tokens were counted with; null where characters alone were. */
  tokenizer: TokenizerDescription | null;
  /** In the order in which they were given. */
  files: FileDescription[];
  /** Over the rows of all files, as if they were one. */
  all: { rows: number; badRows: number; pairs: PairsDescription };
  /** What each two files have in common; empty where there is one file. */
  leakage: Leakage[];
};

export type TokenizerDescription = {
  /** The model as it was named. */
  model: string;
  /** Tokens at which the model cuts its inputs by itself. */
  maxLength: number | null;
};

/** One file. */
export type FileDescription = {
  path: string;
  /** All rows, bad ones too. */
  rows: number;
  /** All rows that some command refuses: because of a sentence, an id or a label. */
  badRows: BadRow[];
  /** The file's columns by what they mean. */
  fields: PairColumns;
  /** All columns of the file, in its order. */
  columns: ColumnDescription[];
  /** Whether the column of binary labels follows the labels; null where there is none. */
  binaryLabels: BinaryLabels | null;
  pairs: PairsDescription;
};

/** A place in a file. `line` is 1-based in the (decompressed) file. */
export type Place = { path: string; line: number };

/**
 * How often something occurs, and where it does first: `count` is of all, `examples` are as many as
 * were asked for.
 */
export type Found<Example> = { count: number; examples: Example[] };

export type ColumnDescription = {
  name: string;
  /** Rows that can be parsed and have no value here: an empty text, null, or nothing. */
  missing: Found<Place>;
};

/** The rule of binary labels: 1 exactly when the label is at least `threshold`, else 0. */
export type BinaryLabels = {
  column: string;
  /** The middle of the label range: 2.5 of 0 to 5. */
  threshold: number;
  /** Rows that have a label and a binary label. */
  checked: number;
  /** `value` as the file has it. */
  violations: Found<Place & { label: number; value: string }>;
};

/** Rows with two sentences. A label that cannot be used counts as none. */
export type PairsDescription = {
  /** Number of pairs. */
  n: number;
  /** Null where no pair has a label. */
  labels: LabelDescription | null;
  duplicates: Duplicates;
  /** As people see them: extended grapheme clusters. Null where there are no pairs. */
  characters: LengthDescription | null;
  /** Null without a tokenizer, and where there are no pairs. */
  tokens: TokenDescription | null;
  /** Null where there is no column of sources. */
  sources: Sources | null;
  lengthRatios: LengthRatios;
};

/** Moments as pandas has them, quartiles interpolated linearly. */
export type Moments = {
  n: number;
  mean: number;
  /** Of the sample (n - 1); null for a single value. */
  variance: number | null;
  sd: number | null;
  min: number;
  lowerQuartile: number;
  median: number;
  upperQuartile: number;
  max: number;
};

/** Counts over bins of equal width that cover the label range; the last bin has its upper edge. */
export type Histogram = {
  /** [bins + 1], ascending, from the lowest label to the highest. */
  edges: number[];
  /** [bins] */
  counts: number[];
  /** Values below the lowest label and above the highest, which only predictions can be. */
  below: number;
  above: number;
};

export type LabelDescription = Moments & {
  /** Pairs without a label. */
  unlabelled: number;
  histogram: Histogram;
  /** How many labels are nearest to each of six that lie evenly on the range, such as 0 to 5. */
  buckets: { label: number; count: number }[];
};

export type PairExample = Place & { sentence1: string; sentence2: string; label: number | null };

/** A later row and the first one that it repeats. */
export type Repetition = { first: PairExample; second: PairExample };

export type Duplicates = {
  /** Different pairs, in whichever order of their sentences. */
  distinct: number;
  /** Rows that repeat an earlier one in all columns. */
  identicalRows: Found<Repetition>;
  /** Rows whose pair occurred before in the same order, with whatever label. */
  identicalPairs: Found<Repetition>;
  /** Rows whose pair, of two different sentences, occurred before in the other order. */
  swappedPairs: Found<Repetition>;
  /** Rows whose two sentences are the same. */
  identicalSentences: Found<PairExample>;
  /** Pairs, in whichever order, that have more than one label; the greatest spread first. */
  conflicts: Found<Conflict>;
};

export type Conflict = {
  sentence1: string;
  sentence2: string;
  /** The highest label less the lowest. */
  spread: number;
  /** Every row of the pair that has a label, in order, up to ten. */
  rows: (Place & { label: number })[];
};

export type Lengths = {
  n: number;
  mean: number;
  /** Of the sample (n - 1); null for a single value. */
  sd: number | null;
  min: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
};

export type LengthDescription = {
  /** Of first and second sentences together. */
  sentence: Lengths;
  /** Of both sentences of a pair. */
  pair: Lengths;
};

/** `sentence` is without special tokens, `pair` with those of a cross-encoder's input. */
export type TokenDescription = LengthDescription & {
  /** Ascending by `maxLength`. */
  limits: LengthLimit[];
  unknown: {
    /** Unknown tokens of all sentences, and their part of all tokens, from 0 to 1. */
    tokens: number;
    share: number;
    /** Pairs with at least one. */
    pairs: number;
  };
};

/** What a limit on the tokens of an input would cut. */
export type LengthLimit = {
  maxLength: number;
  /** Why it is listed, beside being usual: the model's own limit, or the one that was asked about. */
  of: ("model" | "asked")[];
  /** Pairs longer than that as one input, as a cross-encoder reads them. */
  pairs: number;
  /** Pairs with a sentence longer than that as an input of its own, as a sentence encoder reads it. */
  pairsBySentence: number;
};

export type Sources = {
  /** Different ones; rows without a source are one. */
  distinct: number;
  /** The most frequent first, up to fifty. */
  listed: SourceDescription[];
};

export type SourceDescription = {
  /** Null: rows without one. */
  source: string | null;
  /** Pairs. */
  n: number;
  labelled: number;
  /** Null where no pair has a label. */
  labelMean: number | null;
};

/**
 * Characters of the shorter sentence over those of the longer one, from 0 to 1; pairs of one and the
 * same sentence are left out.
 */
export type LengthRatios = {
  /** Nearest to 1; of equals the longest first. */
  mostSimilar: LengthRatio[];
  /** Nearest to 0; of equals the longest first. */
  mostDissimilar: LengthRatio[];
};

export type LengthRatio = PairExample & { ratio: number; characters: [number, number] };

/** What two files have in common: of two parts of a split, there should be nothing. */
export type Leakage = {
  first: string;
  second: string;
  pairs: {
    /** Different pairs of the first that are in the second: in the same order, and swapped. */
    sameOrder: number;
    swapped: number;
    /** Rows of each file whose pair the other has, in whichever order. */
    rowsOfFirst: number;
    rowsOfSecond: number;
    examples: Repetition[];
  };
  sentences: {
    /** Different sentences that both have. */
    distinct: number;
    /** Rows of each file with at least one such sentence. */
    rowsOfFirst: number;
    rowsOfSecond: number;
    examples: { sentence: string; first: Place; second: Place }[];
  };
};

/** Predictions beside the labels of the pairs that they are for. */
export type PredictionsDescription = {
  /** The prediction file and the data file. */
  path: string;
  data: string;
  labelRange: LabelRange;
  /** Of all predictions. `histogram` has the edges of the labels'. */
  predictions: Moments & { histogram: Histogram };
  /** Of those pairs that have a label, with their labels; null where there are fewer than two. */
  labelled: LabelledPredictions | null;
};

export type LabelledPredictions = {
  labels: Moments & { histogram: Histogram };
  metrics: {
    n: number;
    /** Null where a side is constant. */
    pearson: number | null;
    spearman: number | null;
    mse: number;
    mae: number;
    warnings: string[];
  };
  /** By the bucket of the label, [6]: how far off predictions are for each label. */
  byLabel: BucketErrors[];
  /** By the bucket of the prediction within the label range, [6]: what a prediction is worth. */
  byPrediction: BucketErrors[];
  /** The most frequent first, up to fifty; null where there is no column of sources. */
  bySource: SourceErrors[] | null;
  /** The greatest errors first. */
  worst: PredictedPair[];
};

/** Errors are predictions less labels. Means are null where there is nothing to take them of. */
export type Errors = {
  n: number;
  meanLabel: number | null;
  meanPrediction: number | null;
  mse: number | null;
  mae: number | null;
};

export type BucketErrors = Errors & {
  /** The middle of the bucket, such as 0 to 5. */
  label: number;
};

export type SourceErrors = Errors & {
  /** Null: rows without one. */
  source: string | null;
  /** Null where a side is constant, and for fewer than two pairs. */
  pearson: number | null;
};

export type PredictedPair = PairExample & { id: string; label: number; prediction: number };

import { invalidArgument } from "../../foundation/errors.js";
import { TimeSlice } from "../../foundation/time-slice.js";
import type { ModelTokenizer } from "../../text/model-tokenizer.js";
import { defaultLabelRange, requireLabelRange, type LabelRange } from "../pair.js";
import { checkBinaryLabels } from "./binary-labels.js";
import { type DataFile, type DataFileOptions, loadDataFile } from "./data-file.js";
import type { DataDescription, FileDescription } from "./description.js";
import { describePairs, type PairsContext } from "./describe-pairs.js";
import { findLeakage } from "./leakage.js";
import { measure, type OnMeasured } from "./measure.js";
import { SentenceNumbers } from "./sentence-numbers.js";

export type DescribeOptions = Omit<DataFileOptions, "labelRange" | "examples"> & {
  /** Labels outside of it cannot be used. Default: 0 to 5. */
  labelRange?: LabelRange | undefined;
  /** What tokens are counted with; characters alone are counted without it. */
  tokenizer?: ModelTokenizer | undefined;
  /** A limit on the tokens of an input, to see what it would cut. */
  maxLength?: number | undefined;
  /** Examples of each finding, at most. Default: 5. */
  examples?: number | undefined;
  /** Told how far counting characters and tokens has come. */
  onMeasured?: OnMeasured | undefined;
};

/** Files of pairs that were read to be described. */
export type DataFiles = { files: DataFile[]; numbers: SentenceNumbers };

/**
 * Says what files of pairs hold: what is missing and what is there twice, how labels and lengths are
 * distributed, and what files have in common. Rows that cannot be used are listed, and described as
 * far as they can be.
 * @throws StsError `INVALID_DATA` for a file without columns of sentences or without rows,
 *   `NOT_FOUND`, `INVALID_ARGUMENT`, `ABORTED`
 */
export async function describeData(
  paths: readonly string[],
  options: DescribeOptions = {},
): Promise<DataDescription> {
  return describeFiles(await loadDataFiles(paths, options), options);
}

/** The first half of {@link describeData}: reads the files. */
export async function loadDataFiles(
  paths: readonly string[],
  options: DescribeOptions,
): Promise<DataFiles> {
  if (paths.length === 0) throw invalidArgument("paths", "at least one file", "none");
  const numbers = new SentenceNumbers();
  const files: DataFile[] = [];
  const whole = { ...options, ...requireSettings(options) };
  for (const path of paths) files.push(await loadDataFile(path, whole, numbers));
  return { files, numbers };
}

/** The second half of {@link describeData}. */
export async function describeFiles(
  { files, numbers }: DataFiles,
  options: DescribeOptions,
): Promise<DataDescription> {
  const { tokenizer, maxLength, onMeasured, signal } = options;
  const { labelRange, examples } = requireSettings(options);
  const slice = new TimeSlice(signal, "The description");
  const measures = await measure(numbers.sentences, tokenizer, slice, onMeasured);
  const context = { numbers, measures, labelRange, examples, slice, tokenizer, maxLength };
  const described: FileDescription[] = [];
  for (const file of files) described.push(await describeFile(file, context));
  const all = described.length === 1 ? described[0]!.pairs : await describePairs(files, context);
  return {
    labelRange,
    tokenizer: tokenizer ? { model: tokenizer.model, maxLength: tokenizer.maxLength } : null,
    files: described,
    all: { ...totals(described), pairs: all },
    leakage: await findLeakage(files, context),
  };
}

function requireSettings({ labelRange, examples = 5, maxLength }: DescribeOptions) {
  if (!Number.isSafeInteger(examples) || examples < 0) {
    throw invalidArgument("examples", "a whole number from 0", examples);
  }
  if (maxLength !== undefined && !(Number.isSafeInteger(maxLength) && maxLength > 0)) {
    throw invalidArgument("maxLength", "a positive whole number", maxLength);
  }
  return { labelRange: requireLabelRange(labelRange ?? defaultLabelRange), examples };
}

async function describeFile(file: DataFile, context: PairsContext): Promise<FileDescription> {
  const { path, rows, badRows, fields, columns } = file;
  return {
    ...{ path, rows, badRows, fields, columns },
    binaryLabels: await checkBinaryLabels(file, context.labelRange, context),
    pairs: await describePairs([file], context),
  };
}

function totals(files: readonly FileDescription[]): { rows: number; badRows: number } {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    rows: sum(files.map(({ rows }) => rows)),
    badRows: sum(files.map(({ badRows }) => badRows.length)),
  };
}

import path from "node:path";
import { z } from "zod";
import { defaultLabelRange } from "../data/pair.js";
import { matchings } from "../ensemble/match.js";
import { StsError } from "../foundation/errors.js";
import { labelRangeSchema } from "../training/config.js";
import { scoringSchema } from "./scoring.js";

const { format, columns, onBadRow } = scoringSchema.shape;

/** How prediction files are read and written. */
export const memberFlags = {
  output: z
    .string()
    .optional()
    .describe("CSV file to write: id,target, in the order of the first file; a fit goes without"),
  labelRange: labelRangeSchema
    .default(defaultLabelRange)
    .describe("lowest and highest score: min,max; 0,5 if not given"),
  match: z
    .enum(matchings)
    .default("id")
    .describe("rows belong together by their ids, or by their order, where ids repeat"),
};

/** How labelled data are read and what is learnt from them is judged. */
export const fitFlags = {
  format: format.describe("format of the labelled file; else by extension"),
  columns,
  onBadRow,
  resamples: z.int().min(100).default(1000).describe("draws of pairs for the intervals"),
  seed: z.int().default(42).describe("decides the folds and the draws"),
};

/** The files of a list flag: repeated, or with commas between them. */
export const filesOf = (values: readonly string[] = []): string[] =>
  values.flatMap((value) => value.split(",").map((file) => file.trim())).filter((file) => file);

/** @throws StsError `INVALID_ARGUMENT` for fewer than two files, or one that is there twice */
export function requireSeveral(what: string, files: readonly string[]): void {
  if (files.length < 2) {
    throw invalid(`${what}: expected at least two prediction files, got ${files.length}.`);
  }
  const paths = files.map((file) => path.resolve(file));
  const repeated = files.find((_, i) => paths.indexOf(paths[i]!) !== i);
  if (repeated !== undefined) throw invalid(`${what}: ${repeated} is given twice.`);
}

/**
 * The files that are learnt from and, where an output is asked for, those that are combined by what
 * was learnt: as many, in the same order.
 * @param flag of `members`, and `what` the `files` are, for the messages
 * @throws StsError `INVALID_ARGUMENT`
 */
export function requireLearning(
  { flag, members }: { flag: string; members: readonly string[] },
  { what, files }: { what: string; files: readonly string[] },
  output: string | undefined,
): void {
  requireSeveral(flag, members);
  if (output === undefined && files.length === 0) return;
  if (output === undefined) throw missingOutput();
  requireAsMany(flag, members, files);
  requireSeveral(what, files);
}

/** @throws StsError `INVALID_ARGUMENT` unless each member has one file of each kind */
function requireAsMany(flag: string, files: readonly string[], members: readonly string[]): void {
  if (files.length === members.length) return;
  throw invalid(
    `${flag}: expected ${members.length} files, one for each of ${members.join(", ")} in this ` +
      `order, got ${files.length}.`,
  );
}

/** Shown where `--output` is missing, as in --help. */
export const missingOutput = (): StsError =>
  invalid(`missing: --output (${memberFlags.output.description!}).`);

export const invalid = (message: string): StsError => new StsError("INVALID_ARGUMENT", message);

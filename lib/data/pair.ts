import { invalidArgument } from "../foundation/errors.js";

/** Two sentences and, where it is known, how similar they are. */
export type SentencePair = {
  /** The file's own id, not necessarily unique; without an id column the 0-based row number. */
  id: string;
  sentence1: string;
  sentence2: string;
  /** On the scale of the file's {@link LabelRange}; null where the file has none. */
  label: number | null;
  /** The 1-based line of the (decompressed) file at which the row starts. */
  line: number;
  /** Where the pair was taken from, where the file says so. */
  source?: string;
};

/** Two sentences. */
export type Pair = readonly [sentence1: string, sentence2: string];

/** The least and the greatest label, both included. */
export type LabelRange = { min: number; max: number };

/** The range of STS benchmarks: 0, unrelated, to 5, the same meaning. */
export const defaultLabelRange: LabelRange = { min: 0, max: 5 };

/** @throws StsError `INVALID_ARGUMENT` unless `min` and `max` are finite and `min` is below */
export function requireLabelRange({ min, max }: LabelRange): LabelRange {
  if (Number.isFinite(min) && Number.isFinite(max) && min < max) return { min, max };
  throw invalidArgument("labelRange", "two numbers, the first below the second", `${min},${max}`);
}

/** The label nearest to a score. */
export const clampLabel = (score: number, { min, max }: LabelRange): number =>
  Math.min(Math.max(score, min), max);

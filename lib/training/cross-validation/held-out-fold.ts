import { createHash } from "node:crypto";
import { z } from "zod";
import { bucketOf } from "../../data/buckets.js";
import { kFold, stratifiedKFold } from "../../data/folds.js";
import type { LabelRange, SentencePair } from "../../data/pair.js";
import { StsError } from "../../foundation/errors.js";

/** Which part of its pairs a training holds out: fold `index` of `of`. */
export const heldOutFoldSchema = z
  .strictObject({
    /** From 1. */
    index: z.int().min(1),
    of: z.int().min(2),
    stratified: z.boolean().default(false),
    /** Of the division, which all folds share. */
    seed: z.int().min(0).default(42),
    /** The {@link fingerprintOf} the pairs; others are refused. */
    data: z.string().exactOptional(),
  })
  .refine(({ index, of }) => index <= of, "index must not be above of");

export type HeldOutFold = z.output<typeof heldOutFoldSchema>;

/** A correlation needs two pairs. */
const leastHeldOut = 2;

/**
 * Divides labelled pairs into folds.
 * @param labelRange on which the labels lie
 * @returns the indices of each fold, ascending, at least 2
 * @throws StsError `INVALID_DATA` for too few pairs
 */
export function divide(
  pairs: readonly SentencePair[],
  { of, stratified, seed }: Pick<HeldOutFold, "of" | "stratified" | "seed">,
  labelRange: LabelRange,
): number[][] {
  if (pairs.length < of * leastHeldOut) {
    throw new StsError(
      "INVALID_DATA",
      `${of} folds need at least ${of * leastHeldOut} pairs, for a correlation on each; there are ${pairs.length}.`,
    );
  }
  if (!stratified) return kFold(pairs.length, of, seed);
  return stratifiedKFold(bucketsOf(pairs, labelRange), of, seed);
}

/** The bucket of each pair's label, [pairs.length]. */
export const bucketsOf = (pairs: readonly SentencePair[], labelRange: LabelRange): number[] =>
  pairs.map(({ label }) => bucketOf(label!, labelRange));

/**
 * Takes one fold out of labelled pairs. Both parts keep the order of the pairs.
 * @throws StsError `INVALID_DATA` for too few pairs, and for others than those of `fold.data`
 */
export function holdOut(
  pairs: readonly SentencePair[],
  fold: HeldOutFold,
  labelRange: LabelRange,
): { train: SentencePair[]; heldOut: SentencePair[] } {
  if (fold.data !== undefined && fold.data !== fingerprintOf(pairs)) {
    throw new StsError(
      "INVALID_DATA",
      `The pairs are not those of which fold ${fold.index} of ${fold.of} was to be held out. Put the old files back, or start anew.`,
    );
  }
  const chosen = new Set(divide(pairs, fold, labelRange)[fold.index - 1]);
  return {
    train: pairs.filter((_, index) => !chosen.has(index)),
    heldOut: pairs.filter((_, index) => chosen.has(index)),
  };
}

/** Changes when a pair, its label, its id or its place does. @returns SHA-256 in hexadecimal */
export function fingerprintOf(pairs: readonly SentencePair[]): string {
  const hash = createHash("sha256");
  for (const { id, sentence1, sentence2, label } of pairs) {
    hash.update(JSON.stringify([id, sentence1, sentence2, label]));
  }
  return hash.digest("hex");
}

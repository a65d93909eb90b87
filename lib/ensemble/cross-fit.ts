import { kFold } from "../data/folds.js";
import { type Members, select } from "./members.js";
import { standardise } from "./moments.js";

/** Scores made of the members' scores: [n] of each [n]. */
export type Combination = (members: Members) => Float64Array;

/** Learns a combination from labelled scores. */
export type Learn = (members: Members, labels: ArrayLike<number>) => Combination;

/**
 * The score of every pair by a combination that was learnt without it: the pairs are divided into
 * folds at random, and those of each fold are scored by what the other folds teach.
 *
 * Offset and scale are taken away: the scores of each combination are standardised over all pairs,
 * which needs no labels. Else the folds' intercepts, which lie the lower the higher the labels of the
 * pairs that are left out, would lower the correlation of all scores together.
 * @param folds from 2 to n
 * @returns [n]
 */
export function crossFit(
  members: Members,
  labels: ArrayLike<number>,
  learn: Learn,
  folds: number,
  seed: number,
): Float64Array {
  const scores = new Float64Array(labels.length);
  const parts = kFold(labels.length, folds, seed);
  for (const [fold, held] of parts.entries()) {
    const rest = Uint32Array.from(parts.filter((_, other) => other !== fold).flat());
    const taught = members.map((member) => select(member, rest));
    const all = standardise(learn(taught, select(labels, rest))(members));
    for (const row of held) scores[row] = all[row]!;
  }
  return scores;
}

import { invalidArgument, StsError } from "../foundation/errors.js";
import { Random } from "./random.js";

/**
 * Divides the indices 0 to `n` - 1 into folds at random, as evenly as can be: the first `n` mod
 * `folds` have one more, as with scikit-learn's `KFold(shuffle=True)`. The same seed gives the same
 * folds.
 * @param folds from 2 to `n`
 * @returns the indices of each fold, ascending; every index is in exactly one
 * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` for fewer indices than folds
 */
export function kFold(n: number, folds: number, seed: number): number[][] {
  requireFolds(n, folds);
  return deal(new Random(seed).shuffle([...Array(n).keys()]), folds);
}

/**
 * The same so that every fold gets its share of each bucket: of how many members of a bucket each
 * fold has, no two differ by more than one. The numbers of members are those of scikit-learn's
 * `StratifiedKFold(shuffle=True)`; which members they are depends on the seed.
 * @param buckets of each index, [n]; see {@link scarceBuckets} for those too small to be shared out
 * @param folds from 2 to the members of the largest bucket
 * @returns the indices of each fold, ascending; every index is in exactly one
 * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` where no bucket has as many members as there
 *   are folds
 * @see Kohavi (1995), "A Study of Cross-Validation and Bootstrap for Accuracy Estimation and Model
 *   Selection"
 */
export function stratifiedKFold(
  buckets: readonly (number | string)[],
  folds: number,
  seed: number,
): number[][] {
  requireFolds(buckets.length, folds);
  const members = [...membersOf(buckets).values()];
  if (members.every(({ length }) => length < folds)) {
    throw new StsError(
      "INVALID_DATA",
      `No bucket has ${folds} members, one for each fold; take fewer folds, or folds that are not stratified.`,
    );
  }
  const random = new Random(seed);
  // Bucket after bucket, so that each is dealt out on its own, and all together evenly.
  return deal(
    members.flatMap((indices) => random.shuffle(indices)),
    folds,
  );
}

/** The buckets that have fewer members than there are folds, and how many they have. */
export function scarceBuckets<Bucket extends number | string>(
  buckets: readonly Bucket[],
  folds: number,
): Map<Bucket, number> {
  const sizes = [...membersOf(buckets)].map(([bucket, { length }]) => [bucket, length] as const);
  return new Map(sizes.filter(([, size]) => size < folds));
}

/** Indices by bucket, the buckets in the order in which they first appear. */
function membersOf<Bucket>(buckets: readonly Bucket[]): Map<Bucket, number[]> {
  const members = new Map<Bucket, number[]>();
  buckets.forEach((bucket, index) => {
    const some = members.get(bucket);
    if (some) some.push(index);
    else members.set(bucket, [index]);
  });
  return members;
}

/** One after the other to each fold in turn, as cards are dealt. */
function deal(indices: readonly number[], folds: number): number[][] {
  const hands = Array.from({ length: folds }, (): number[] => []);
  indices.forEach((index, place) => hands[place % folds]!.push(index));
  for (const hand of hands) hand.sort((a, b) => a - b);
  return hands;
}

function requireFolds(n: number, folds: number): void {
  if (!Number.isInteger(folds) || folds < 2) {
    throw invalidArgument("folds", "a whole number from 2", folds);
  }
  if (n >= folds) return;
  throw new StsError("INVALID_DATA", `${folds} folds need at least ${folds} members, got ${n}.`);
}

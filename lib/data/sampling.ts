import { invalidArgument, StsError } from "../foundation/errors.js";
import { bucketCount, bucketOf, countBuckets } from "./buckets.js";
import { defaultLabelRange, type LabelRange } from "./pair.js";
import { Random } from "./random.js";

/** What `every` may be beside a number: taken over the buckets that have rows. */
export const bucketSizes = ["min", "mean", "max"] as const;

/** How many rows each bucket of labels is to have; one that is not named stays as it is. */
export type BucketTargets = {
  /** By bucket, 0 to 5. */
  buckets?: Readonly<Record<number, number>> | undefined;
  /** Of every other bucket that has rows. */
  every?: number | (typeof bucketSizes)[number] | undefined;
};

export type SampleOptions = BucketTargets & {
  /** Default: 0 to 5. */
  labelRange?: LabelRange | undefined;
  /** Decides which rows are drawn. Default: 42. */
  seed?: number | undefined;
};

/**
 * Under- and oversamples by label. Of a bucket that is to have fewer rows than it has, some are
 * drawn without replacement; of one that is to have more, every row is taken as often as all can be,
 * and the rest is drawn without replacement. With the same seed the rows of a smaller target are among
 * those of a greater one, and what is drawn of one bucket does not depend on the others.
 * @param labels within the label range, [n]
 * @returns how often each is taken, [n]
 * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` for a bucket without rows that is to have some
 */
export function sampleBuckets(labels: readonly number[], options: SampleOptions): number[] {
  const { labelRange = defaultLabelRange, seed = 42 } = options;
  const targets = targetsOf(countBuckets(labels, labelRange), options);
  const members: number[][] = targets.map(() => []);
  labels.forEach((label, index) => members[bucketOf(label, labelRange)]!.push(index));
  const random = new Random(seed);
  const taken = new Array<number>(labels.length).fill(0);
  members.forEach((indices, bucket) => {
    // Also where all stay, so that other buckets are drawn alike.
    const shuffled = random.shuffle(indices);
    const target = targets[bucket]!;
    shuffled.forEach((index, place) => {
      const whole = Math.floor(target / shuffled.length);
      taken[index] = whole + (place < target % shuffled.length ? 1 : 0);
    });
  });
  return taken;
}

/** How many rows each bucket is to have, [6]. */
function targetsOf(counts: readonly number[], { buckets = {}, every }: BucketTargets): number[] {
  const size = sizeOf(counts, every);
  const targets = counts.map((count) => (count === 0 || size === undefined ? count : size));
  for (const [name, target] of Object.entries(buckets)) {
    const bucket = Number(name);
    if (!(Number.isInteger(bucket) && bucket >= 0 && bucket < bucketCount)) {
      throw invalidArgument("buckets", `buckets from 0 to ${bucketCount - 1}`, name);
    }
    targets[bucket] = requireTarget(`buckets.${name}`, target);
    if (target > 0 && counts[bucket] === 0) {
      throw new StsError(
        "INVALID_DATA",
        `bucket ${bucket} of the labels has no rows, of which ${target} are to be made; leave it out.`,
      );
    }
  }
  if (targets.some((target) => target > 0)) return targets;
  throw new StsError("INVALID_ARGUMENT", "the targets of all buckets that have rows are 0.");
}

function sizeOf(counts: readonly number[], every: BucketTargets["every"]): number | undefined {
  if (every === undefined || typeof every === "number") {
    return every === undefined ? undefined : requireTarget("every", every);
  }
  const there = counts.filter((count) => count > 0);
  switch (every) {
    case "min":
      return Math.min(...there);
    case "max":
      return Math.max(...there);
    case "mean":
      return Math.round(there.reduce((sum, count) => sum + count, 0) / there.length);
    default:
      throw invalidArgument(
        "every",
        `a number of rows, or one of ${bucketSizes.join(", ")}`,
        every,
      );
  }
}

function requireTarget(name: string, target: number): number {
  if (Number.isSafeInteger(target) && target >= 0) return target;
  throw invalidArgument(name, "a whole number of rows from 0", target);
}

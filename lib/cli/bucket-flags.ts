import { bucketSizes, type BucketTargets } from "../data/sampling.js";
import { invalidArgument } from "../foundation/errors.js";

/** `0=1000,3=2000` */
export function parseBuckets(flag: string, text: string): NonNullable<BucketTargets["buckets"]> {
  const parts = text.split(",").map((part) => /^\s*([0-5])\s*=\s*(\d+)\s*$/.exec(part));
  const buckets = parts.map((part) => part?.[1]);
  if (parts.every((part) => part !== null) && new Set(buckets).size === buckets.length) {
    return Object.fromEntries(parts.map(([, bucket, rows]) => [bucket!, Number(rows)]));
  }
  throw invalidArgument(
    `--${flag}`,
    "rows by bucket, each of 0 to 5 once, such as 0=1000,3=2000",
    text,
  );
}

/** `1000`, or what is taken over all buckets, such as `mean`. */
export function parseEvery(flag: string, text: string): NonNullable<BucketTargets["every"]> {
  const size = bucketSizes.find((name) => name === text);
  if (size !== undefined) return size;
  if (/^\d+$/.test(text)) return Number(text);
  throw invalidArgument(`--${flag}`, `a number of rows, or ${bucketSizes.join(", ")}`, text);
}

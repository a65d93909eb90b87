import { throwIfAborted } from "../foundation/abort.js";
import type { BadRow } from "./bad-rows.js";
import { bucketCount, bucketOf } from "./buckets.js";
import { loadPairTable, type PairRow } from "./pair-table.js";
import { defaultLabelRange } from "./pair.js";
import type { ReadOptions } from "./read-pairs.js";
import { sampleBuckets, type SampleOptions } from "./sampling.js";
import { writeRows, type WrittenRow } from "./write-rows.js";

export type SampleFileOptions = Omit<ReadOptions, "labels" | "labelRange"> &
  SampleOptions & {
    /** Where the rows go; nothing is written when left out. */
    output?: string | undefined;
    signal?: AbortSignal | undefined;
  };

/** Rows of a bucket of labels. */
export type SampledBucket = { bucket: number; before: number; after: number };

/** What sampling a file comes to. */
export type SampledFile = {
  file: string;
  output: string | null;
  /** All six. */
  buckets: SampledBucket[];
  rows: { before: number; after: number };
  /** Rows left out with `onBadRow: "skip"`. */
  skipped: BadRow[];
};

/**
 * Under- and oversamples a file of labelled pairs, see {@link sampleBuckets}. Rows keep their order,
 * their columns and their ids; copies of a row follow it at once.
 * @throws StsError what reading throws, `INVALID_ARGUMENT`, `IO_FAILED`, `ABORTED` when the signal
 *   fires
 */
export async function samplePairFile(
  filePath: string,
  { output, buckets, every, seed, signal, ...reading }: SampleFileOptions,
): Promise<SampledFile> {
  const { labelRange = defaultLabelRange } = reading;
  const options = { ...reading, labelRange, labels: "required" } as const;
  const { header, format, rows, skipped } = await loadPairTable(filePath, options);
  const labels = rows.map(({ pair }) => pair.label!);
  const taken = sampleBuckets(labels, { buckets, every, labelRange, seed });
  throwIfAborted(signal, "The sampling");
  if (output !== undefined) await writeRows(output, header, repeated(rows, taken, signal), format);
  const bucketOfRow = labels.map((label) => bucketOf(label, labelRange));
  const sampled = countRows(bucketOfRow, taken);
  const after = sampled.reduce((sum, bucket) => sum + bucket.after, 0);
  return {
    ...{ file: filePath, output: output ?? null, buckets: sampled },
    ...{ rows: { before: rows.length, after }, skipped },
  };
}

function* repeated(
  rows: readonly PairRow[],
  taken: readonly number[],
  signal: AbortSignal | undefined,
): Generator<WrittenRow> {
  for (const [i, { row }] of rows.entries()) {
    for (let copy = 0; copy < taken[i]!; copy++) {
      throwIfAborted(signal, "The sampling");
      yield { row };
    }
  }
}

/** Adds up the rows of each bucket, before and after. */
function countRows(buckets: readonly number[], taken: readonly number[]): SampledBucket[] {
  const counts = Array.from({ length: bucketCount }, (_, bucket) => ({
    bucket,
    before: 0,
    after: 0,
  }));
  buckets.forEach((bucket, i) => {
    const count = counts[bucket]!;
    count.before++;
    count.after += taken[i]!;
  });
  return counts;
}

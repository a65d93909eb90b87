import { z } from "zod";
import { bucketCount } from "../data/buckets.js";
import { defaultLabelRange, type LabelRange } from "../data/pair.js";
import { samplePairFile, type SampledBucket, type SampledFile } from "../data/sample-file.js";
import { bucketSizes } from "../data/sampling.js";
import { StsError } from "../foundation/errors.js";
import { labelRangeSchema, trainConfigSchema } from "../training/config.js";
import { reportSkipped } from "./bad-rows.js";
import type { Command } from "./command.js";
import { dataOutputs } from "./data-output.js";
import { count, grid } from "./format.js";
import { interruptible } from "./interruptible.js";
import type { Output } from "./output.js";
import { settingsOf } from "./read-flags.js";

const { format, columns, onBadRow } = trainConfigSchema.shape;

const rows = () => z.int().min(0);

const schema = z.strictObject({
  data: z.string().describe("labelled pairs: .csv, .tsv, .json or .jsonl, also .gz"),
  output: z
    .string()
    .optional()
    .describe("file to write, in the same format; without it nothing is written"),
  buckets: z
    .record(z.string(), rows())
    .optional()
    .describe("rows by bucket, such as 0=1000,3=2000; the other buckets stay as they are"),
  every: z
    .union([rows(), z.enum(bucketSizes)])
    .optional()
    .describe("rows of every other bucket: a number, or min, mean or max of all"),
  seed: z.int().default(42).describe("decides which rows are drawn"),
  format,
  columns,
  labelRange: labelRangeSchema
    .default(defaultLabelRange)
    .describe("lowest and highest label: min,max; 0,5 if not given"),
  onBadRow,
});

type Settings = z.output<typeof schema>;

export const sample: Command = {
  name: "sample",
  summary: "Takes fewer or more rows of each bucket of labels: under- and oversampling.",
  operands: "",
  example: "--data train.csv --buckets 0=1000,5=600 --output sampled.csv",
  schema,
  async run(line, output) {
    const settings = settingsOf(schema, line);
    requireTargets(settings);
    const { data, output: file, ...options } = settings;
    const [target] = file === undefined ? [] : await dataOutputs(file, [data], options.format);
    const sampled = await interruptible(output, "Stopping; nothing is written.", (signal) =>
      samplePairFile(data, { ...options, output: target, signal }),
    );
    reportSkipped(output, data, sampled.skipped);
    report(output, sampled, settings);
    const { skipped, ...rest } = sampled;
    output.result({ ...rest, seed: settings.seed, skipped: skipped.length });
    return 0;
  },
};

function requireTargets({ buckets, every }: Settings): void {
  if (buckets !== undefined || every !== undefined) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    "nothing is asked for: give --buckets 0=1000,3=2000, or --every mean, or both.",
  );
}

function report(output: Output, sampled: SampledFile, { every, labelRange }: Settings): void {
  const { buckets, rows: total, output: target } = sampled;
  output.print(
    grid([
      ["bucket", "label", "before", "after", "each row"],
      ...buckets.map((bucket) => describeBucket(bucket, labelRange)),
      ["all", "", count(total.before), count(total.after), ""],
    ]),
  );
  const empty = buckets.filter(({ before }) => before === 0).map(({ bucket }) => bucket);
  if (every !== undefined && empty.length > 0) {
    output.warn(`no rows to draw from: bucket ${empty.join(", ")}`);
  }
  if (buckets.some(({ before, after }) => after > before)) {
    output.note(
      "Rows are there several times: hold out dev and test before oversampling, not after it.",
    );
  }
  if (target !== null) output.print(`written: ${target}`);
}

function describeBucket({ bucket, before, after }: SampledBucket, range: LabelRange): string[] {
  const label = range.min + (bucket * (range.max - range.min)) / (bucketCount - 1);
  const [least, most] = [Math.floor(after / before), Math.ceil(after / before)];
  const times = before === 0 ? "" : least === most ? `${least}` : `${least} or ${most}`;
  return [String(bucket), String(label), count(before), count(after), times];
}

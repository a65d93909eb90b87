import { z } from "zod";
import { predictionPrecisions, type PredictionPrecision } from "../models/precision.js";
import { addon } from "../native/addon.js";
import { benchmark, type Benchmark } from "../training/benchmark/benchmark.js";
import { describeBenchmark } from "./bench-report.js";
import type { Command } from "./command.js";
import { downloadReport } from "./download-report.js";
import { interruptible } from "./interruptible.js";
import { settingsOf } from "./read-flags.js";
import { scoringSchema } from "./scoring.js";

const { format, columns, maxLength, device, onBadRow } = scoringSchema.shape;

const known = new Set<string>(predictionPrecisions);
const listOf = (text: string): string[] => text.split(",").map((part) => part.trim());

const schema = z.strictObject({
  model: z.string().describe("model directory or hub id"),
  data: z
    .string()
    .optional()
    .describe("pairs to measure with, with labels for Pearson; else made-up Korean ones"),
  precision: z
    .string()
    .default("fp32,bf16")
    .refine(
      (text) => listOf(text).every((part) => known.has(part)),
      `some of ${predictionPrecisions.join(",")} expected`,
    )
    .describe(`what to compare with fp32: some of ${predictionPrecisions.join(",")}`),
  pairs: z.int().positive().default(256).describe("pairs that are predicted, drawn from the data"),
  steps: z.int().positive().default(8).describe("steps of training that are measured"),
  batchSize: z.int().positive().default(16).describe("pairs computed at a time"),
  ...{ format, columns, maxLength, device, onBadRow },
});

export const bench: Command = {
  name: "bench",
  summary: "Measures a model on this machine: speed, memory and exactness of each precision.",
  operands: "",
  example: "--model runs/first/best --data dev.csv --precision fp32,bf16,fp16,int8",
  schema,
  async run(line, output) {
    const { precision, ...settings } = settingsOf(schema, line);
    // Before any reading and downloading: without libtorch nothing works.
    addon();
    const result = await interruptible(output, "Stopping.", (signal) =>
      benchmark({
        ...settings,
        precisions: listOf(precision) as PredictionPrecision[],
        signal,
        onProgress: downloadReport(output),
        onMeasurement: (job, name) => {
          output.closeBar();
          output.note(`measuring: ${job}, ${name}`);
        },
      }),
    );
    output.print(describeBenchmark(result));
    output.result(result satisfies Benchmark);
    return 0;
  },
};

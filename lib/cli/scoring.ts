import { z } from "zod";
import { loadModel } from "../models/load-model.js";
import type { PairModel } from "../models/pair-model.js";
import { addon } from "../native/addon.js";
import { labelRangeSchema, trainConfigSchema } from "../training/config.js";
import { downloadReport } from "./download-report.js";
import type { Output } from "./output.js";

const { format, columns, maxLength, onBadRow, device } = trainConfigSchema.shape;

/** The settings of `evaluate`, and of `predict` but for its output. */
export const scoringSchema = z.strictObject({
  model: z.string().describe("model directory or hub id"),
  data: z.string().describe("pairs: .csv, .tsv, .json or .jsonl, also .gz"),
  format: format.describe("format of the data file; else by extension"),
  columns,
  labelRange: labelRangeSchema
    .optional()
    .describe("lowest and highest label: min,max; else the model's own"),
  maxLength,
  batchSize: z.int().positive().default(32).describe("pairs computed at a time"),
  device,
  onBadRow,
});

type ModelSettings = Pick<
  z.output<typeof scoringSchema>,
  "model" | "labelRange" | "maxLength" | "device"
>;

/** Loads a model to score with, and warns when its head has never been trained. */
export async function loadForScoring(
  { model: name, labelRange, maxLength, device }: ModelSettings,
  output: Output,
  signal: AbortSignal,
): Promise<PairModel> {
  // Before any download: without libtorch nothing works.
  addon();
  const model = await loadModel(name, {
    onProgress: downloadReport(output),
    signal,
    device,
    ...(labelRange && { labelRange }),
    ...(maxLength !== undefined && { maxLength }),
  });
  output.closeBar();
  if (model.initialised.length > 0) {
    output.warn(
      `${name} has no trained head (${model.initialised.join(", ")} not in the checkpoint): ` +
        "its scores mean nothing until it is trained with sts-native train.",
    );
  }
  return model;
}

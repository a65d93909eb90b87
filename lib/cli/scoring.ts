import { z } from "zod";
import { loadModel, loadModels } from "../models/load-model.js";
import type { PairModel } from "../models/pair-model.js";
import { predictionPrecisions } from "../models/precision.js";
import { VotingModel } from "../models/voting-model.js";
import { addon } from "../native/addon.js";
import { labelRangeSchema, trainConfigSchema } from "../training/config.js";
import { trainedModels } from "../training/trained-models.js";
import { downloadReport } from "./download-report.js";
import type { Output } from "./output.js";

const { format, columns, maxLength, onBadRow, device } = trainConfigSchema.shape;

/** The settings of `evaluate`, and of `predict` but for its output. */
export const scoringSchema = z.strictObject({
  model: z
    .array(z.string())
    .min(1)
    .describe("model directory, run or hub id; of several, and of all folds of a run, the mean"),
  data: z.string().describe("pairs: .csv, .tsv, .json or .jsonl, also .gz"),
  format: format.describe("format of the data file; else by extension"),
  columns,
  labelRange: labelRangeSchema
    .optional()
    .describe("lowest and highest label: min,max; else the model's own"),
  maxLength,
  batchSize: z.int().positive().default(32).describe("pairs computed at a time"),
  device,
  precision: z
    .enum(predictionPrecisions)
    .optional()
    .describe("type of the matrix products; else the model's own, fp32"),
  onBadRow,
});

type ModelSettings = Pick<
  z.output<typeof scoringSchema>,
  "model" | "labelRange" | "maxLength" | "device" | "precision"
>;

/** Loads what to score with, and warns when a head has never been trained. */
export async function loadForScoring(
  settings: ModelSettings,
  output: Output,
  signal: AbortSignal,
): Promise<PairModel> {
  // Before any download: without libtorch nothing works.
  addon();
  const names = (await Promise.all(settings.model.map(trainedModels))).flat();
  const model = await load(names, settings, output, signal);
  output.closeBar();
  if (model.initialised.length > 0) {
    output.warn(
      `${names.join(", ")} has no trained head (${model.initialised.join(", ")} not in the checkpoint): ` +
        "its scores mean nothing until it is trained with sts-native train.",
    );
  }
  return model;
}

async function load(
  names: readonly string[],
  { labelRange, maxLength, device, precision }: ModelSettings,
  output: Output,
  signal: AbortSignal,
): Promise<PairModel> {
  const options = {
    onProgress: downloadReport(output),
    signal,
    device,
    precision,
    ...(maxLength !== undefined && { maxLength }),
  };
  const [name, ...others] = names;
  if (others.length === 0)
    return loadModel(name!, { ...options, ...(labelRange && { labelRange }) });
  const model = VotingModel.create(await loadModels(names, options), { labelRange });
  output.note(`the mean of ${names.join(", ")}`);
  return model;
}

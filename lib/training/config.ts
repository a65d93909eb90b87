import { z } from "zod";
import { dataFormats } from "../data/format.js";
import { lossNames } from "../losses/registry.js";
import { scheduleNames } from "./schedule.js";

const positive = () => z.int().positive();
const share = () => z.number().min(0).max(1);

/** The columns of a data file by what they mean; left out, they are found by their usual names. */
export const columnsSchema = z.strictObject({
  id: z.string().exactOptional(),
  sentence1: z.string().exactOptional(),
  sentence2: z.string().exactOptional(),
  label: z.string().exactOptional(),
  source: z.string().exactOptional(),
});

export const labelRangeSchema = z
  .strictObject({ min: z.number(), max: z.number() })
  .refine(({ min, max }) => min < max, "min must be below max");

/**
 * Everything that decides a training run. The library's types, the defaults, the checks, the
 * command line's flags and the YAML file are all made from this.
 */
export const trainConfigSchema = z.strictObject({
  model: z.string().describe("model directory or hub id to start from"),
  train: z.string().describe("training pairs: .csv, .tsv, .json or .jsonl, also .gz"),
  dev: z.string().optional().describe("pairs that choose the best weights; else split from train"),
  test: z.string().optional().describe("pairs that the best weights are evaluated on at the end"),
  output: z.string().describe("directory of the run; must not hold a run yet"),

  format: z.enum(dataFormats).optional().describe("format of the data files; else by extension"),
  columns: columnsSchema.default({}).describe("column names: sentence1=…,sentence2=…,label=…,id=…"),
  labelRange: labelRangeSchema
    .exactOptional()
    .describe("lowest and highest label: min,max; else the model's own, or 0,5"),
  onBadRow: z.enum(["error", "skip"]).default("error").describe("what a bad row does"),
  validationRatio: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe("share of train held out where there is no dev file"),

  maxLength: positive().optional().describe("tokens of a pair at most; else the model's limit"),
  loss: z.enum(lossNames).default("mse").describe("what training makes small"),
  epochs: positive().default(3).describe("passes over the training pairs"),
  batchSize: positive().default(16).describe("pairs computed at a time"),
  accumulation: positive().default(1).describe("batches whose gradients make one optimizer step"),
  lr: z.number().positive().default(2e-5).describe("peak learning rate"),
  weightDecay: z.number().min(0).default(0.01).describe("but for biases and layer norms"),
  schedule: z.enum(scheduleNames).default("linear").describe("how the learning rate falls"),
  warmupRatio: share().default(0.1).describe("share of the steps in which it rises first"),
  maxGradNorm: z.number().positive().default(1).describe("gradients are clipped to this 2-norm"),
  evalSteps: positive().optional().describe("evaluate every N optimizer steps; else each epoch"),
  patience: positive().optional().describe("stop after N evaluations without a better Pearson"),
  seed: z.int().min(0).default(42).describe("of the head, the order of the pairs and dropout"),
});

/** A complete configuration. */
export type TrainConfig = z.output<typeof trainConfigSchema>;

/** What a caller gives: the rest takes its defaults. */
export type TrainOptions = z.input<typeof trainConfigSchema>;

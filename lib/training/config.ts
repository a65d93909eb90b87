import { z } from "zod";
import { dataFormats } from "../data/format.js";
import { exampleKinds } from "../data/examples.js";
import { headConfigSchema, headNames } from "../models/heads/head-config.js";
import { precisions } from "../models/precision.js";
import { poolingNames } from "../models/pooling/registry.js";
import { cleaningSettingSchema } from "../text/cleaning/rules.js";
import { heldOutFoldSchema } from "./cross-validation/held-out-fold.js";
import { scheduleNames } from "./optimisation/schedule.js";

const positive = () => z.int().positive();
const share = () => z.number().min(0).max(1);

/** A setting of the YAML file and of `--set`, which has no flag of its own. */
const noFlag = (description: string) => ({ description, flag: false });

/** The columns of a data file by what they mean; left out, they are found by their usual names. */
export const columnsSchema = z.strictObject({
  id: z.string().exactOptional(),
  sentence1: z.string().exactOptional(),
  sentence2: z.string().exactOptional(),
  label: z.string().exactOptional(),
  source: z.string().exactOptional(),
  anchor: z.string().exactOptional(),
  positive: z.string().exactOptional(),
  negative: z.string().exactOptional(),
});

export const labelRangeSchema = z
  .strictObject({ min: z.number(), max: z.number() })
  .refine(({ min, max }) => min < max, "min must be below max");

export const architectures = ["cross-encoder", "sentence-encoder", "voting", "stacking"] as const;

/** Settings of some parameters, chosen by a regular expression in their names. */
const parameterRuleSchema = z.strictObject({
  pattern: z.string(),
  lr: z.number().min(0).exactOptional(),
  weightDecay: z.number().min(0).exactOptional(),
});

export type ParameterRule = z.output<typeof parameterRuleSchema>;

/** The settings of the optimisation, whatever is trained. */
export const optimisationSchema = z.strictObject({
  epochs: positive().default(3).describe("passes over the training examples"),
  batchSize: positive().default(16).describe("examples computed at a time"),
  accumulation: positive().default(1).describe("batches whose gradients make one optimizer step"),
  lr: z.number().positive().default(2e-5).describe("peak learning rate"),
  weightDecay: z.number().min(0).default(0.01).describe("but for biases and layer norms"),
  schedule: z.enum(scheduleNames).default("linear").describe("how the learning rate falls"),
  warmupRatio: share().default(0.1).describe("share of the steps in which it rises first"),
  maxGradNorm: z.number().positive().default(1).describe("gradients are clipped to this 2-norm"),
  device: z.string().default("cpu").describe("where to compute: cpu, cuda or cuda:1"),
  precision: z
    .enum(precisions)
    .default("fp32")
    .describe("type of the matrix products; weights stay fp32"),
  freeze: z
    .union([z.string(), z.number().min(0)])
    .default("none")
    .describe("what stays as it is: 1/3 of the layers, a number of them, or a name pattern"),
  layerDecay: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .meta(noFlag("factor of the learning rate from each layer to the one below it")),
  parameterRules: z
    .array(parameterRuleSchema)
    .default([])
    .meta(noFlag("lr and weightDecay of parameters by patterns in their names; the last one wins")),
  average: z
    .enum(["none", "ema", "swa"])
    .default("none")
    .meta(noFlag("average of the weights that is evaluated and saved in their place")),
  emaDecay: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .meta(noFlag("share of the old average in ema; else 0.999")),
  swaStart: share()
    .lt(1)
    .optional()
    .meta(noFlag("share of the steps after which swa begins; else 0.75")),
  gradientCheckpointing: z
    .boolean()
    .default(false)
    .meta(noFlag("compute layers again in the backward, for less memory")),
  evalSteps: positive().optional().describe("evaluate every N optimizer steps; else each epoch"),
  evalEpochs: z
    .number()
    .positive()
    .optional()
    .meta(noFlag("evaluate every N epochs, such as 0.5; else each epoch")),
  saveSteps: positive()
    .optional()
    .meta(noFlag("save for --resume every N optimizer steps; else at each evaluation")),
  saveEpochs: z
    .number()
    .positive()
    .optional()
    .meta(noFlag("save for --resume every N epochs; else at each evaluation")),
  saveLimit: z
    .int()
    .min(0)
    .default(0)
    .meta(noFlag("models of the latest saves that are kept in checkpoints/")),
  seed: z.int().min(0).default(42).describe("of what is initialised, the order and dropout"),
});

export type OptimisationConfig = z.output<typeof optimisationSchema>;

/**
 * Everything that decides a training run. The library's types, the defaults, the checks, the
 * command line's flags and the YAML file are all made from this.
 */
export const trainConfigSchema = z.strictObject({
  model: z.string().optional().describe("model directory or hub id to start from"),
  train: z.string().describe("training pairs: .csv, .tsv, .json or .jsonl, also .gz"),
  dev: z.string().optional().describe("pairs that choose the best weights; else split from train"),
  test: z.string().optional().describe("pairs that the best weights are evaluated on at the end"),
  output: z.string().describe("directory of the run; must not hold a run yet"),

  architecture: z
    .enum(architectures)
    .optional()
    .describe("kind of model; else that of the directory, or cross-encoder"),
  members: z
    .array(z.string())
    .min(1)
    .optional()
    .meta(noFlag("models that voting or stacking joins, in place of model")),
  freezeMembers: z
    .boolean()
    .optional()
    .meta(noFlag("train only what joins the members; else true for stacking")),
  head: z
    .union([z.enum(headNames), headConfigSchema])
    .optional()
    .describe("what stands on a cross-encoder's encoder; else its own, or its family's"),
  pooling: z
    .enum(poolingNames)
    .optional()
    .describe("how token vectors become one; else the model's own"),

  format: z.enum(dataFormats).optional().describe("format of the data files; else by extension"),
  columns: columnsSchema.default({}).describe("column names: sentence1=…,sentence2=…,label=…,id=…"),
  examples: z
    .enum(exampleKinds)
    .default("scored")
    .meta(noFlag("what train holds: scored pairs, or NLI or triplets for a sentence encoder")),
  labelRange: labelRangeSchema
    .exactOptional()
    .describe("lowest and highest label: min,max; else the model's own, or 0,5"),
  onBadRow: z.enum(["error", "skip"]).default("error").describe("what a bad row does"),
  cleaning: cleaningSettingSchema
    .exactOptional()
    .describe(
      "how texts are cleaned: a YAML file of rules, default or none; else as the model does",
    ),
  validationRatio: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe("share of train held out where there is no dev file"),
  heldOutFold: heldOutFoldSchema
    .exactOptional()
    .meta(noFlag("hold out that fold of train and dev together: {index: 2, of: 5}; see crossval")),
  fullTrain: z
    .boolean()
    .default(false)
    .meta(noFlag("train on train and dev together, without validation; the last weights count")),

  maxLength: positive().optional().describe("tokens of an input at most; else the model's limit"),
  loss: z
    .string()
    .optional()
    .describe("what training makes small, such as l1+huber; else mse, or what fits the examples"),
  ...optimisationSchema.shape,
  patience: positive().optional().describe("stop after N evaluations without a better Pearson"),
});

/** A complete configuration. */
export type TrainConfig = z.output<typeof trainConfigSchema>;

/** What a caller gives: the rest takes its defaults. */
export type TrainOptions = z.input<typeof trainConfigSchema>;

import { z } from "zod";
import { optimisationSchema } from "../config.js";

/** Everything that decides a pre-training run. */
export const pretrainConfigSchema = z.strictObject({
  model: z.string().describe("model directory or hub id to start from"),
  text: z.string().describe("plain text, one sequence a line, UTF-8, also .gz"),
  output: z.string().describe("directory of the run; must not hold a run yet"),

  weights: z
    .enum(["checkpoint", "random"])
    .default("checkpoint")
    .describe("what to start from; random needs only config.json and the tokenizer of model"),
  onBadRow: z.enum(["error", "skip"]).default("error").describe("what a bad line does"),
  heldOut: z
    .int()
    .min(1)
    .default(1000)
    .describe("lines that choose the best weights; a tenth of the text at most"),
  maxLength: z
    .int()
    .positive()
    .optional()
    .describe("tokens of a line at most; else 128, or the model's limit"),
  maskProbability: z
    .number()
    .gt(0)
    .lte(0.5)
    .default(0.15)
    .describe("share of the tokens that are to be predicted"),
  wholeWord: z
    .boolean()
    .default(true)
    .meta({ description: "choose the tokens of a word together", flag: false }),
  ...optimisationSchema.shape,
  lr: z.number().positive().default(1e-4).describe("peak learning rate"),
  epochs: z.int().positive().default(1).describe("passes over the text"),
  batchSize: z.int().positive().default(32).describe("lines computed at a time"),
});

export type PretrainConfig = z.output<typeof pretrainConfigSchema>;
export type PretrainOptions = z.input<typeof pretrainConfigSchema>;

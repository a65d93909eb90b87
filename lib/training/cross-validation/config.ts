import path from "node:path";
import { z } from "zod";
import { StsError } from "../../foundation/errors.js";
import { trainConfigSchema, type TrainConfig } from "../config.js";
import { parseConfig, parseTrainConfig } from "../parse-config.js";

const foldNumber = () => z.int().min(1);

/** Everything that decides a cross-validation: what decides a training, and how it is divided. */
export const crossValidationConfigSchema = trainConfigSchema.omit({ heldOutFold: true }).extend({
  dev: z.string().optional().describe("with joinDev: pairs that are divided together with train"),
  test: z.string().optional().describe("pairs whose predictions are averaged over the folds"),
  output: z.string().describe("directory of all folds; must not hold a run yet"),
  folds: z.int().min(2).default(5).describe("parts of the pairs; each is held out once"),
  stratified: z
    .boolean()
    .default(false)
    .describe("give every fold its share of each label, rounded to whole ones"),
  fold: z
    .union([foldNumber(), z.array(foldNumber()).min(1)])
    .optional()
    .describe("which to train here, such as 2 or 1,3; all when left out"),
  joinDev: z.boolean().default(false).describe("divide train and dev together"),
});

/** Strips what trainings do not have. */
const trainingPart = z.object(trainConfigSchema.shape);

/** A complete configuration. */
export type CrossValidationConfig = z.output<typeof crossValidationConfigSchema>;

/** What a caller gives: the rest takes its defaults. */
export type CrossValidationOptions = z.input<typeof crossValidationConfigSchema>;

/**
 * Checks the configuration of a cross-validation and fills in the defaults.
 * @param where what the values came from, such as a file's path, for the message
 * @throws StsError `INVALID_ARGUMENT`, naming every key at fault
 */
export function parseCrossValidationConfig(values: unknown, where: string): CrossValidationConfig {
  const config = parseConfig(crossValidationConfigSchema, values, where);
  const problems = contradictions(config);
  if (problems.length > 0) {
    throw new StsError("INVALID_ARGUMENT", `${where}: ${problems.join("\n")}`);
  }
  parseTrainConfig(foldOptions(config, 1), where);
  return config;
}

function contradictions(config: CrossValidationConfig): string[] {
  const { dev, joinDev, examples, folds } = config;
  const beyond = chosenFolds(config).filter((fold) => fold > folds);
  return [
    ...(beyond.length > 0 ? [`fold: there is no fold ${beyond.join(", ")} of ${folds}.`] : []),
    ...(dev !== undefined && !joinDev
      ? [
          "dev is not used: each fold is validated on its own part of train. Leave dev out, or set joinDev to divide it together with train.",
        ]
      : []),
    ...(dev === undefined && joinDev ? ["joinDev needs a dev file."] : []),
    ...(examples !== "scored"
      ? [`examples: ${examples} have no scores to validate on; a cross-validation needs scored.`]
      : []),
  ];
}

/** The folds that are to be trained here, ascending, from 1. */
export function chosenFolds({ fold, folds }: Pick<CrossValidationConfig, "fold" | "folds">) {
  if (fold === undefined) return Array.from({ length: folds }, (_, i) => i + 1);
  return [...new Set([fold].flat())].sort((a, b) => a - b);
}

/** The name of a fold's directory in that of the cross-validation. */
export const foldName = (fold: number): string => `fold-${fold}`;

/**
 * The training that holds out a fold. Each has a seed of its own, so that models that are averaged
 * do not start alike; all share that of the division.
 * @param fold from 1
 * @param data the fingerprint of the pairs, once they have been read
 */
export function foldOptions(
  config: CrossValidationConfig,
  fold: number,
  data?: string,
): TrainConfig {
  const { folds: of, stratified, seed, output } = config;
  return {
    ...trainingPart.parse(config),
    seed: seed + fold - 1,
    output: path.join(output, foldName(fold)),
    heldOutFold: { index: fold, of, stratified, seed, ...(data !== undefined && { data }) },
  };
}

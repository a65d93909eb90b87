import { z } from "zod";
import { addon } from "../native/addon.js";
import {
  crossValidationConfigSchema,
  parseCrossValidationConfig,
  type CrossValidationOptions,
} from "../training/cross-validation/config.js";
import {
  CrossValidation,
  type CrossValidationSettings,
} from "../training/cross-validation/cross-validation.js";
import type { CrossValidationSummary, Spread } from "../training/cross-validation/summary.js";
import type { Command } from "./command.js";
import { CrossvalReport, foldList } from "./crossval-report.js";
import { downloadReport } from "./download-report.js";
import { correlations, counted, digits, shellWord, table } from "./format.js";
import { requireGiven } from "./read-flags.js";
import { readRun, runFlags, runResumably, type RunRequest } from "./resumable.js";

/** What joins other models is configured in a file; otherwise a model is required. */
const requiredSchema = crossValidationConfigSchema.extend({
  model: z.string().describe("model directory or hub id that every fold starts from"),
});

const schema = requiredSchema.extend({
  ...runFlags,
  resume: z
    .string()
    .optional()
    .describe("directory of a cross-validation to go on with; given alone, or with --fold"),
});

export const crossval: Command = {
  name: "crossval",
  summary: "Trains a model for each fold of the pairs on the other folds.",
  operands: "",
  example: "--model klue/roberta-small --train train.csv --stratified --output runs/cv",
  schema,
  async run(line, output) {
    const request = await readRun(line, crossValidationConfigSchema, ["fold"]);
    const fold = line.given.fold as number[] | undefined;
    const create = crossValidationOf(request, fold);
    // Before any reading and downloading: without libtorch nothing works.
    addon();
    const report = new CrossvalReport(output);
    const settings = {
      callbacks: report,
      trainer: report.trainer,
      onProgress: downloadReport(output),
    };
    const summary = await runResumably(
      output,
      "crossval",
      report,
      async (signal) => {
        const crossValidation = await create({ ...settings, signal });
        return { config: crossValidation.config, train: () => crossValidation.run() };
      },
      "resume" in request && fold ? ["--fold", fold.join(",")] : [],
    );
    output.print(describe(summary));
    output.result(summary);
    return 0;
  },
};

/** Checks the settings of a new one at once. */
function crossValidationOf(
  request: RunRequest,
  fold: CrossValidationOptions["fold"],
): (settings: CrossValidationSettings) => Promise<CrossValidation> {
  if ("resume" in request) {
    return (settings) => CrossValidation.resume(request.resume, { ...settings, fold });
  }
  const { values, where } = request;
  requireGiven("members" in values ? crossValidationConfigSchema : requiredSchema, values);
  const config = parseCrossValidationConfig(values, where);
  return (settings) => Promise.resolve(new CrossValidation(config, settings));
}

function describe(summary: CrossValidationSummary): string {
  const { folds, missing, spread, outOfFold, test, output } = summary;
  return table([
    ...folds.map(
      (fold) =>
        [
          `fold ${fold.fold}`,
          `${correlations(fold)} on ${counted(fold.n, "pair")}` +
            (fold.best ? `, of epoch ${fold.best.epoch}` : ""),
        ] as const,
    ),
    ...(spread
      ? [
          [
            "mean",
            `Pearson ${spreadText(spread.pearson)}, Spearman ${spreadText(spread.spearman)}`,
          ] as const,
        ]
      : []),
    ...(outOfFold ? [["out of fold", figures(outOfFold)] as const] : []),
    ...(test ? [["test", figures(test)] as const] : []),
    [
      "run",
      `${output}: config.yaml, folds.csv, fold-…${outOfFold ? ", predictions, summary.json" : ""}`,
    ],
    ...(missing.length > 0 ? [missingRow(missing, output)] : []),
  ]);
}

const figures = (metrics: NonNullable<CrossValidationSummary["outOfFold"]>): string =>
  `${correlations(metrics)}, MSE ${digits(metrics.mse)}, MAE ${digits(metrics.mae)} ` +
  `on ${counted(metrics.n, "pair")}`;

const spreadText = ({ mean, sd }: Spread): string =>
  mean === null ? digits(mean) : `${digits(mean)} ± ${digits(sd)}`;

const missingRow = (missing: readonly number[], output: string) =>
  [
    "missing",
    `${foldList(missing)}: sts-native crossval --resume ${shellWord(output)} --fold ${missing.join(",")}`,
  ] as const;

import { z } from "zod";
import { describeFiles, loadDataFiles, type DataFiles } from "../data/description/describe-data.js";
import type { PredictionsDescription } from "../data/description/description.js";
import { defaultLabelRange } from "../data/pair.js";
import { loadPredictions } from "../data/read-predictions.js";
import { matchRows } from "../ensemble/match.js";
import { describePredictions } from "../evaluation/predictions-description.js";
import { writeFileAtomically } from "../foundation/atomic-file.js";
import { StsError } from "../foundation/errors.js";
import { loadTokenizer } from "../models/load-tokenizer.js";
import { edaPage } from "../reports/eda-page.js";
import { labelRangeSchema, trainConfigSchema } from "../training/config.js";
import type { Command } from "./command.js";
import { downloadReport } from "./download-report.js";
import { reportData } from "./eda-report.js";
import { reportPredictions } from "./eda-predictions.js";
import { interruptible } from "./interruptible.js";
import type { Output } from "./output.js";
import { Progress } from "./progress.js";
import { settingsOf } from "./read-flags.js";
import { requireOther } from "./require-other.js";

const { format, columns } = trainConfigSchema.shape;

const schema = z.strictObject({
  predictions: z
    .string()
    .optional()
    .describe("prediction file of the one data file, to see where it is wrong"),
  model: z
    .string()
    .optional()
    .describe("model, hub id or directory of a tokenizer, to count tokens with"),
  maxLength: z
    .int()
    .positive()
    .optional()
    .describe("tokens of an input at most, to see what that would cut; with --model"),
  format,
  columns,
  labelRange: labelRangeSchema
    .default(defaultLabelRange)
    .describe("lowest and highest label: min,max; 0,5 if not given"),
  html: z.string().optional().describe("HTML file to write: all of it with charts, on one page"),
  examples: z.int().nonnegative().default(5).describe("examples of each finding, at most"),
});

type Settings = z.output<typeof schema>;

export const eda: Command = {
  name: "eda",
  summary: "Describes data files: defects, duplicates, leakage, labels, lengths; and predictions.",
  operands: "train.csv dev.csv …",
  example: "--model klue/roberta-small train.csv dev.csv test.csv",
  schema,
  async run({ given, words: files }, output) {
    const settings = settingsOf(schema, { given, words: [] });
    requireSound(settings, files);
    const { html = null, predictions: predicted } = settings;
    const inputs = predicted === undefined ? files : [...files, predicted];
    if (html !== null) await requireOther("--html", html, inputs);
    const { data, predictions } = await interruptible(output, "Stopping.", (signal) =>
      describe(files, settings, output, signal),
    );
    output.print(reportData(data, settings.examples));
    for (const { path, fields } of data.files) {
      if (fields.label !== undefined) continue;
      output.note(`${path}: no labels are read; their column is named by --columns label=COLUMN.`);
    }
    if (data.tokenizer === null) output.note("Tokens are not counted without --model.");
    if (predictions) output.print(`\n${reportPredictions(predictions)}`);
    if (html !== null) {
      await writeFileAtomically(html, await edaPage(data, predictions));
      output.print(`page written to ${html}`);
    }
    output.result({ ...data, predictions, html });
    return 0;
  },
};

function requireSound({ predictions, model, maxLength }: Settings, files: readonly string[]): void {
  const invalid = (message: string) => new StsError("INVALID_ARGUMENT", message);
  if (files.length === 0) throw invalid("a data file is missing: sts-native eda train.csv");
  if (predictions !== undefined && files.length > 1) {
    const given = `--predictions are of one data file, and ${files.length} are given`;
    throw invalid(`${given}: give that one alone.`);
  }
  if (maxLength !== undefined && model === undefined) {
    throw invalid("--max-length counts tokens: give --model, too.");
  }
}

async function describe(
  paths: readonly string[],
  { predictions: predicted, model, ...settings }: Settings,
  output: Output,
  signal: AbortSignal,
) {
  const onProgress = downloadReport(output);
  const tokenizer =
    model === undefined ? undefined : await loadTokenizer(model, { onProgress, signal });
  output.closeBar();
  const options = { ...settings, tokenizer, signal };
  const files = await loadDataFiles(paths, options);
  const predictions =
    predicted === undefined ? null : await comparePredictions(predicted, files, settings);
  const progress = new Progress(output, "sentence", files.numbers.sentences.length);
  const onMeasured = (done: number) => progress.update(done, "measuring sentences");
  const data = await describeFiles(files, { ...options, onMeasured });
  output.closeBar();
  return { data, predictions };
}

/** Matches predictions by their ids, or by their places where ids repeat. */
async function comparePredictions(
  path: string,
  { files: [file] }: DataFiles,
  settings: Pick<Settings, "labelRange" | "examples">,
): Promise<PredictionsDescription> {
  const pairs = file!.pairs.map(({ pair }) => pair);
  const rows = await loadPredictions(path);
  const ids = pairs.map(({ id }) => id);
  const predicted = {
    path,
    ids: rows.map(({ id }) => id),
    lines: rows.map(({ line }) => line),
    scores: rows.map(({ target }) => target),
  };
  const places = {
    path: file!.path,
    ids,
    lines: pairs.map(({ line }) => line),
    scores: ids.map(() => 0),
  };
  const repeat = [ids, predicted.ids].some((each) => new Set(each).size < each.length);
  const [, scores] = matchRows([places, predicted], repeat ? "order" : "id");
  return describePredictions(pairs, [...scores!], { ...settings, path, data: file!.path });
}

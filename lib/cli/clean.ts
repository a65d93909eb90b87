import { z } from "zod";
import { cleanPairFiles, type CleanedFile } from "../data/clean-file.js";
import { StsError } from "../foundation/errors.js";
import { loadTokenizer } from "../models/load-tokenizer.js";
import { Cleaner } from "../text/cleaning/cleaner.js";
import {
  describeTokens,
  isOneToken,
  placeholderTokens,
  type PlaceholderTokens,
} from "../text/cleaning/placeholder-tokens.js";
import { cleaningSettingSchema } from "../text/cleaning/rules.js";
import { trainConfigSchema } from "../training/config.js";
import { reportSkipped } from "./bad-rows.js";
import { countRules, greatestChanges, reportCleaning } from "./clean-report.js";
import type { Command } from "./command.js";
import { dataOutputs } from "./data-output.js";
import { downloadReport } from "./download-report.js";
import { interruptible } from "./interruptible.js";
import type { Output } from "./output.js";
import { settingsOf } from "./read-flags.js";
import { rulesText } from "./rules-file.js";

const { format, columns, onBadRow } = trainConfigSchema.shape;

const schema = z.strictObject({
  rules: cleaningSettingSchema
    .optional()
    .describe("YAML file of rules, or the name of some: default, none; default if not given"),
  output: z
    .string()
    .optional()
    .describe("directory, or file for one, to write to; without it nothing is written"),
  preview: z
    .int()
    .min(0)
    .default(10)
    .describe("sentences to show before and after, those that lose most"),
  printRules: z
    .boolean()
    .default(false)
    .describe("print the rules as a YAML file to start from, and read no data"),
  model: z
    .string()
    .optional()
    .describe("model, hub id or directory of a tokenizer, which may not know the placeholders"),
  format,
  columns,
  onBadRow,
});

type Settings = z.output<typeof schema>;

export const clean: Command = {
  name: "clean",
  summary: "Cleans the sentences of data files, or shows what cleaning them would do.",
  operands: "train.csv dev.csv …",
  example: "--rules rules.yaml --output cleaned train.csv dev.csv test.csv",
  schema,
  async run({ given, words: files }, output) {
    const settings = settingsOf(schema, { given, words: [] });
    const cleaner = new Cleaner(settings.rules);
    const { rules } = cleaner;
    requireSound(settings, files);
    if (settings.printRules) {
      output.print(rulesText(rules));
      output.result({ rules });
      return 0;
    }
    const { cleaned, placeholders } = await interruptible(
      output,
      "Stopping; no file is written in part.",
      (signal) => cleanFiles(files, cleaner, settings, output, signal),
    );
    for (const { file, skipped } of cleaned) reportSkipped(output, file, skipped);
    const preview = greatestChanges(cleaned, settings.preview);
    reportCleaning(output, cleaned, preview);
    reportPlaceholders(output, cleaned, placeholders);
    for (const { output: target } of cleaned)
      if (target !== null) output.print(`written: ${target}`);
    output.result({
      rules,
      files: cleaned.map(({ changes, skipped, ...file }) => ({
        ...file,
        changedSentences: changes.length,
        skipped: skipped.length,
      })),
      byRule: countRules(cleaned),
      preview,
      placeholders,
    });
    return 0;
  },
};

function requireSound({ printRules }: Settings, files: readonly string[]): void {
  if (printRules === (files.length === 0)) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    printRules
      ? `--print-rules reads no data; leave out ${files.join(", ")}.`
      : "a data file is missing: sts-native clean train.csv",
  );
}

async function cleanFiles(
  files: readonly string[],
  cleaner: Cleaner,
  settings: Settings,
  output: Output,
  signal: AbortSignal,
): Promise<{ cleaned: CleanedFile[]; placeholders: PlaceholderTokens[] | null }> {
  const { output: target, model } = settings;
  const reading = {
    format: settings.format,
    columns: settings.columns,
    onBadRow: settings.onBadRow,
  };
  const onProgress = downloadReport(output);
  const tokenizer = model === undefined ? null : await loadTokenizer(model, { onProgress, signal });
  output.closeBar();
  const targets = target === undefined ? [] : await dataOutputs(target, files, reading.format);
  const asked = files.map((file, i) => ({ file, output: targets[i] }));
  const cleaned = await cleanPairFiles(asked, cleaner, { ...reading, signal });
  const found = [...new Set(cleaned.flatMap(({ placeholders }) => placeholders))];
  const placeholders =
    tokenizer && found.map((each) => placeholderTokens(tokenizer.tokenizer, each));
  return { cleaned, placeholders };
}

function reportPlaceholders(
  output: Output,
  cleaned: readonly CleanedFile[],
  placeholders: readonly PlaceholderTokens[] | null,
): void {
  if (placeholders === null) {
    if (!cleaned.some(({ placeholders: found }) => found.length > 0)) return;
    output.note("Whether placeholders are one token each is not looked at without --model.");
    return;
  }
  const split = placeholders.filter((each) => !isOneToken(each));
  if (split.length === 0) return;
  output.warn(
    `placeholders that are not one token of the tokenizer: ${split.map(describeTokens).join(", ")}`,
  );
}

import { stat } from "node:fs/promises";
import { augmentedFile } from "../data/augmentation/augmented-file.js";
import { identicalPairs } from "../data/augmentation/identical-pairs.js";
import { augmentedRows } from "../data/augmentation/new-pairs.js";
import { swappedPairs } from "../data/augmentation/swapped-pairs.js";
import { loadPairTable, type PairTable } from "../data/pair-table.js";
import { writeRows } from "../data/write-rows.js";
import { invalidArgument } from "../foundation/errors.js";
import { saveDirectory } from "../foundation/save-directory.js";
import {
  type AugmentSettings,
  augmentSchema,
  choiceOf,
  requireAugmentation,
} from "./augment-flags.js";
import { augmentByBackTranslation } from "./back-translation.js";
import { reportSkipped } from "./bad-rows.js";
import type { Command } from "./command.js";
import { count, counted } from "./format.js";
import type { Output } from "./output.js";
import { settingsOf } from "./read-flags.js";
import { requireOther } from "./require-other.js";

export const augment: Command = {
  name: "augment",
  summary:
    "Adds pairs to training data: translated and back, swapped, or of a sentence with itself.",
  operands: "train.csv",
  example:
    "train.csv --method back-translation --translator papago --encoder runs/sbert/best --output augmented",
  schema: augmentSchema,
  async run(line, output) {
    const settings = settingsOf(augmentSchema, { given: line.given, words: [] });
    const file = requireAugmentation(line, settings);
    await requireDirectory(settings.output);
    const result = await (settings.method === "back-translation"
      ? augmentByBackTranslation(file, settings, output)
      : augmentByChoice(file, settings, settings.method, output));
    output.result({ method: settings.method, file, ...result });
    return 0;
  },
};

async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return;
  throw invalidArgument("--output", "a directory, or a name that nothing has", directory);
}

async function augmentByChoice(
  file: string,
  settings: AugmentSettings,
  method: "swap" | "identical",
  output: Output,
): Promise<object> {
  const target = augmentedFile(settings.output, file, method);
  await requireOther("--output", target, [file]);
  const table = await loadPairTable(file, { ...settings, labels: "required" });
  reportSkipped(output, file, table.skipped);
  const { pairs, possible } = makePairs(table, settings, method);
  const wanted = settings.count ?? pairs.length;
  if (wanted > possible) {
    output.warn(`${count(wanted)} pairs are asked for, and only ${count(possible)} can be added.`);
  }
  await saveDirectory(settings.output, (directory) =>
    writeRows(
      augmentedFile(directory, file, method),
      table.header,
      augmentedRows(table, pairs),
      table.format,
    ),
  );
  const rows = table.rows.length + pairs.length;
  output.print(`${counted(pairs.length, "pair")} added: ${count(rows)} rows written to ${target}`);
  const skipped = table.skipped.length;
  return { pairs: table.rows.length, skipped, possible, added: pairs.length, rows, output: target };
}

const makePairs = ({ rows }: PairTable, settings: AugmentSettings, method: "swap" | "identical") =>
  method === "swap"
    ? swappedPairs(rows, choiceOf(settings))
    : identicalPairs(rows, settings.labelRange.max, choiceOf(settings));

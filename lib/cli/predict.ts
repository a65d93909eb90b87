import { stat } from "node:fs/promises";
import { z } from "zod";
import type { BadRow } from "../data/bad-rows.js";
import type { SentencePair } from "../data/pair.js";
import { writePredictions, type Prediction } from "../data/predictions.js";
import { readPairs } from "../data/read-pairs.js";
import { toPair } from "../evaluation/evaluate.js";
import { StsError } from "../foundation/errors.js";
import { isTruncated, type PairModel } from "../models/pair-model.js";
import { locatedTexts, ReadingCheck } from "../models/reading-check.js";
import { addon } from "../native/addon.js";
import { reportSkipped } from "./bad-rows.js";
import type { Command } from "./command.js";
import { count, counted } from "./format.js";
import { interruptible } from "./interruptible.js";
import type { Output } from "./output.js";
import { Progress } from "./progress.js";
import { settingsOf } from "./read-flags.js";
import { requireOther } from "./require-other.js";
import { loadForScoring, scoringSchema } from "./scoring.js";

const schema = scoringSchema.extend({
  labelRange: scoringSchema.shape.labelRange.describe(
    "lowest and highest score: min,max; else the model's own",
  ),
  clamp: z
    .boolean()
    .default(true)
    .describe("scores outside of the label range become its ends; false leaves them as they are"),
  round: z
    .int()
    .min(0)
    .max(15)
    .optional()
    .describe("decimals that scores are rounded to, such as 1; else all digits"),
  output: z.string().describe("CSV file to write: id,target, one row for each pair, in order"),
});

type Settings = z.output<typeof schema>;

/** As many pairs are in memory at a time. */
const chunkSize = 2048;

export const predict: Command = {
  name: "predict",
  summary: "Writes the scores of a file's pairs.",
  operands: "",
  example: "--model runs/first/best --data pairs.csv --output predictions.csv",
  schema,
  async run(line, output) {
    const settings = settingsOf(schema, line);
    await requireSoundFiles(settings);
    // Before any reading: without libtorch nothing works.
    addon();
    const { written, ...counts } = await interruptible(
      output,
      "Stopping; nothing is written.",
      (signal) => writeScores(settings, output, signal),
    );
    output.print(`${counted(written, "prediction")} written to ${settings.output}`);
    output.result({ n: written, ...counts, output: settings.output });
    return 0;
  },
};

async function requireSoundFiles({ data, output }: Settings): Promise<void> {
  const source = await stat(data).catch(() => undefined);
  if (source && !source.isFile() && !source.isDirectory()) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `--data: ${data} is not a regular file; it is read twice, so write it to a file first.`,
    );
  }
  await requireOther("--output", output, [data]);
}

/** How many pairs were scored, left out, and cut to fit into the model. */
type Outcome = { written: number; skipped: number; truncated: number };

async function writeScores(
  settings: Settings,
  output: Output,
  signal: AbortSignal,
): Promise<Outcome> {
  // The file is read once before anything is computed: a bad row at its end is told at once.
  const { pairs: total, skipped } = await check(settings);
  reportSkipped(output, settings.data, skipped);
  using model = await loadForScoring(settings, output, signal);
  const progress = new Progress(output, "pair", total);
  const counts = { written: 0, truncated: 0 };
  const reading = new ReadingCheck(model.readers);
  const begin = performance.now();
  await writePredictions(
    settings.output,
    score({ model, reading }, settings, signal, (written, truncated) => {
      counts.written += written;
      counts.truncated += truncated;
      const rate = (counts.written / (performance.now() - begin)) * 1000;
      progress.update(counts.written, `${rate.toFixed(0)} pairs/s`);
    }),
  );
  output.closeBar();
  if (counts.truncated > 0) {
    output.note(`${counted(counts.truncated, "pair")} cut to ${count(model.maxLength)} tokens`);
  }
  for (const warning of reading.warnings) output.warn(warning);
  return { ...counts, skipped: skipped.length };
}

async function check(settings: Settings): Promise<{ pairs: number; skipped: BadRow[] }> {
  const skipped: BadRow[] = [];
  let pairs = 0;
  for await (const chunk of chunksOf(
    read(settings, (row) => skipped.push(row)),
    chunkSize,
  )) {
    pairs += chunk.length;
  }
  return { pairs, skipped };
}

function read(
  { data, format, columns, onBadRow }: Settings,
  onSkipped: (row: BadRow) => void = () => undefined,
): AsyncGenerator<SentencePair> {
  const options = { format, columns, onBadRow, onSkipped, labels: "ignored" } as const;
  return readPairs(data, options);
}

/** Predictions in the order of the file, computed chunk by chunk. */
async function* score(
  { model, reading }: { model: PairModel; reading: ReadingCheck },
  settings: Settings,
  signal: AbortSignal,
  onChunk: (written: number, truncated: number) => void,
): AsyncGenerator<Prediction> {
  const { batchSize, clamp, round } = settings;
  for await (const pairs of chunksOf(read(settings), chunkSize)) {
    await reading.add(settings.data, pairs.map(locatedTexts), signal);
    const encodings = await model.tokenize(pairs.map(toPair), signal);
    const targets = await model.predictEncoded(encodings, { batchSize, clamp, signal });
    for (const [i, { id }] of pairs.entries()) yield { id, target: rounded(targets[i]!, round) };
    onChunk(pairs.length, encodings.filter(isTruncated).length);
  }
}

/** Of two decimals that are as near, the greater. */
const rounded = (score: number, decimals: number | undefined): number =>
  decimals === undefined ? score : Number(score.toFixed(decimals));

async function* chunksOf<T>(values: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const value of values) {
    if (chunk.push(value) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

import { augmentedFile } from "../data/augmentation/augmented-file.js";
import { backTranslate } from "../data/augmentation/back-translate.js";
import { backTranslatedPairs, keepSimilar } from "../data/augmentation/back-translated-pairs.js";
import { augmentedRows } from "../data/augmentation/new-pairs.js";
import type { TranslationProgress } from "../data/augmentation/translate-texts.js";
import { HttpTranslator } from "../data/augmentation/translators/http-translator.js";
import { loadPairTable } from "../data/pair-table.js";
import type { Pair } from "../data/pair.js";
import { writeRows } from "../data/write-rows.js";
import { StsError } from "../foundation/errors.js";
import { saveDirectory } from "../foundation/save-directory.js";
import { pairSimilarities } from "../models/pair-similarities.js";
import { SentenceEncoder } from "../models/sentence-encoder.js";
import { addon } from "../native/addon.js";
import {
  type AugmentSettings,
  type BackTranslationSettings,
  backTranslationOf,
} from "./augment-flags.js";
import { type BackTranslationResult, reportBackTranslation } from "./augment-report.js";
import { reportSkipped } from "./bad-rows.js";
import { downloadReport } from "./download-report.js";
import { Interrupted } from "./exit.js";
import { count, counted } from "./format.js";
import { interruptible } from "./interruptible.js";
import type { Output } from "./output.js";
import { Progress } from "./progress.js";
import { requireOther } from "./require-other.js";

/** Writes a data set for each threshold. What was translated is kept, whatever happens. */
export async function augmentByBackTranslation(
  file: string,
  given: AugmentSettings,
  output: Output,
): Promise<BackTranslationResult> {
  const settings = backTranslationOf(given);
  const translator = new HttpTranslator(settings.translator, settings);
  try {
    const farewell = "Finishing the requests under way; what is translated is kept.";
    const result = await interruptible(output, farewell, (signal) =>
      augmentFile(file, translator, settings, output, signal),
    );
    output.print(reportBackTranslation(result));
    return result;
  } catch (error) {
    throw withWayOn(error, settings.cache);
  } finally {
    output.closeBar();
  }
}

/** Says how to go on after what is no mistake in the input. */
function withWayOn(error: unknown, cache: string): unknown {
  const how = `To go on, run the same command again: what is translated is kept in ${cache}`;
  if (error instanceof Interrupted) {
    return new Interrupted(error.signal, `${error.message}\n${how}`, { cause: error });
  }
  if (!(error instanceof StsError) || error.code !== "TRANSLATION_FAILED") return error;
  return new StsError(error.code, `${error.message}\n${how}`, { cause: error });
}

async function augmentFile(
  file: string,
  translator: HttpTranslator,
  settings: BackTranslationSettings,
  output: Output,
  signal: AbortSignal,
): Promise<BackTranslationResult> {
  const { from, via, cache, thresholds } = settings;
  const targets = thresholds.map((each) => augmentedFile(settings.output, file, nameOf(each)));
  for (const target of targets) await requireOther("--output", target, [file]);
  const table = await loadPairTable(file, { ...settings, labels: "required" });
  reportSkipped(output, file, table.skipped);
  // Before anything is paid for.
  using encoder = await loadEncoder(settings, output, signal);
  const sentences = table.rows.flatMap(({ pair }) => [pair.sentence1, pair.sentence2]);
  const onProgress = translationReport(output);
  const back = await backTranslate(sentences, { ...settings, translator, signal, onProgress });
  const similarity = (pairs: readonly Pair[]) => compare(encoder, pairs, settings, output, signal);
  const { pairs, ...dropped } = await backTranslatedPairs(table.rows, back.sentences, similarity);
  const sets = thresholds.map((threshold) => keepSimilar(table.rows, pairs, threshold));
  await saveDirectory(settings.output, async (directory) => {
    for (const [i, kept] of sets.entries()) {
      const target = augmentedFile(directory, file, nameOf(thresholds[i]!));
      await writeRows(target, table.header, augmentedRows(table, kept.pairs), table.format);
    }
  });
  return {
    ...{ pairs: table.rows.length, skipped: table.skipped.length },
    ...{ translator: translator.name, from, via, cache, there: back.there, back: back.back },
    ...dropped,
    files: sets.map(({ pairs: kept, below, repeated }, i) => ({
      ...{ threshold: thresholds[i]!, below, repeated, kept: kept.length },
      ...{ rows: table.rows.length + kept.length, output: targets[i]! },
    })),
  };
}

/** `bt-0.9`, `bt-1.0`. */
const nameOf = (threshold: number): string =>
  `bt-${Number.isInteger(threshold) ? threshold.toFixed(1) : threshold}`;

async function loadEncoder(
  { encoder, device }: BackTranslationSettings,
  output: Output,
  signal: AbortSignal,
): Promise<SentenceEncoder> {
  // Before any download: without libtorch nothing works.
  addon();
  const onProgress = downloadReport(output);
  const model = await SentenceEncoder.load(encoder, { onProgress, signal, device });
  output.closeBar();
  return model;
}

/** A bar, and a line at its start, for each of the two directions. */
function translationReport(output: Output): (progress: TranslationProgress) => void {
  let shown: { what: string; progress: Progress } | undefined;
  return ({ languages: { from, to }, done, total }) => {
    const what = `${from} to ${to}`;
    if (shown?.what !== what) {
      output.note(`${what}: ${counted(total, "sentence")}, ${count(done)} of them known`);
      shown = { what, progress: new Progress(output, "sentence", total) };
    }
    shown.progress.update(done, what);
  };
}

async function compare(
  encoder: SentenceEncoder,
  pairs: readonly Pair[],
  { batchSize }: BackTranslationSettings,
  output: Output,
  signal: AbortSignal,
): Promise<number[]> {
  const progress = new Progress(output, "sentence", pairs.length);
  const onProgress = (done: number) => progress.update(done, "comparing with what came back");
  return pairSimilarities(encoder, pairs, { batchSize, signal, onProgress });
}

import { z } from "zod";
import { defaultTranslationCache } from "../data/augmentation/default-cache.js";
import type { ChoiceOptions } from "../data/augmentation/choose.js";
import { translatorNames } from "../data/augmentation/translators/registry.js";
import { defaultLabelRange } from "../data/pair.js";
import { invalidArgument, StsError } from "../foundation/errors.js";
import { labelRangeSchema, trainConfigSchema } from "../training/config.js";
import { kebabCase, type Given } from "./flags.js";

const { format, columns, device, onBadRow } = trainConfigSchema.shape;

export const augmentationMethods = ["back-translation", "swap", "identical"] as const;

export type AugmentationMethod = (typeof augmentationMethods)[number];

const backTranslationFlags = {
  translator: z
    .enum(translatorNames)
    .optional()
    .describe("service that translates; its keys are in the environment, see docs/data.md"),
  endpoint: z
    .string()
    .optional()
    .describe("address of the service in place of its own, such as http://localhost:5000"),
  from: z.string().default("ko").describe("language of the sentences"),
  via: z.string().default("en").describe("language that they are translated into, and back from"),
  encoder: z
    .string()
    .optional()
    .describe("sentence encoder, directory or hub id, that compares sentences with what came back"),
  thresholds: z
    .string()
    .default("0.7,0.8,0.9,1.0")
    .describe("least cosines of what is kept, a data set for each"),
  cache: z
    .string()
    .optional()
    .describe("directory where translations are kept; else ~/.cache/sts-native/translations"),
  concurrency: z.int().positive().default(4).describe("requests under way at a time"),
  requestsPerSecond: z.number().positive().default(5).describe("requests begun in a second"),
  retries: z.int().min(0).default(5).describe("how often a request that failed is made again"),
  timeout: z.number().positive().default(30).describe("seconds that a request may take"),
  batchSize: z.int().positive().default(32).describe("sentences that the encoder reads at a time"),
  device,
};

const choiceFlags = {
  count: z.int().positive().optional().describe("swap, identical: how many pairs to add"),
  fraction: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("swap, identical: the same as a share of the file's pairs"),
  seed: z.int().default(42).describe("swap, identical: chooses the pairs"),
};

export const augmentSchema = z.strictObject({
  method: z
    .enum(augmentationMethods)
    .describe("pairs to add: sentences translated and back; swapped; or with themselves"),
  output: z
    .string()
    .describe("directory for what is made: train.bt-0.9.csv and so on, or train.swap.csv"),
  ...backTranslationFlags,
  ...choiceFlags,
  format,
  columns,
  labelRange: labelRangeSchema
    .default(defaultLabelRange)
    .describe("lowest and highest label: min,max; 0,5 if not given"),
  onBadRow,
});

export type AugmentSettings = z.output<typeof augmentSchema>;

/** The file to augment. @throws StsError `INVALID_ARGUMENT` also for flags of another method */
export function requireAugmentation(
  { given, words }: { given: Given; words: readonly string[] },
  { method, count, fraction }: AugmentSettings,
): string {
  const others = method === "back-translation" ? choiceFlags : backTranslationFlags;
  const misplaced = Object.keys(others).find((key) => key in given);
  if (misplaced !== undefined) {
    throw invalid(`--${kebabCase(misplaced)} does nothing with --method ${method}; leave it out.`);
  }
  const [file] = words;
  if (file === undefined || words.length > 1) {
    throw invalid(
      `expected one data file, got ${words.length}: sts-native augment train.csv --method ${method}`,
    );
  }
  if (method !== "back-translation" && (count === undefined) === (fraction === undefined)) {
    throw invalid(`--method ${method} needs either --count or --fraction.`);
  }
  return file;
}

/** @throws StsError `INVALID_ARGUMENT` where one is not given */
export function backTranslationOf({ translator, encoder, ...settings }: AugmentSettings) {
  const missing = Object.entries({ translator, encoder }).filter(
    ([, value]) => value === undefined,
  );
  if (translator === undefined || encoder === undefined) {
    const named = missing.map(
      ([key]) => `--${key} (${backTranslationFlags[key as "translator" | "encoder"].description!})`,
    );
    throw invalid(`missing: ${named.join(", ")}.`);
  }
  const cache = settings.cache ?? defaultTranslationCache();
  return { ...settings, translator, encoder, cache, thresholds: thresholdsOf(settings.thresholds) };
}

export type BackTranslationSettings = ReturnType<typeof backTranslationOf>;

function thresholdsOf(text: string): number[] {
  const values = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const sound = values.every((value) => value >= 0 && value <= 1);
  if (sound && new Set(values).size === values.length) return values;
  const expected = "different cosines from 0 to 1 with commas between them, such as 0.8,0.9";
  throw invalidArgument("--thresholds", expected, text);
}

export const choiceOf = ({ count, fraction = 1, seed }: AugmentSettings): ChoiceOptions =>
  count === undefined ? { fraction, seed } : { count, seed };

const invalid = (message: string): StsError => new StsError("INVALID_ARGUMENT", message);

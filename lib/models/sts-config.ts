import path from "node:path";
import { z } from "zod";
import { readJsonFile } from "../checkpoint/json-file.js";
import { writeFileAtomically } from "../foundation/atomic-file.js";
import { StsError } from "../foundation/errors.js";
import type { HeadOutput } from "../losses/head-output.js";
import { cleaningSchema } from "../text/cleaning/rules.js";
import { headConfigSchema } from "./heads/head-config.js";
import { predictionPrecisions } from "./precision.js";

export const outputSchema: z.ZodType<HeadOutput> = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("regression") }),
  z.strictObject({ type: z.literal("probability") }),
  z.strictObject({ type: z.literal("buckets"), count: z.int().min(2) }),
]);

const common = {
  labelRange: z
    .strictObject({ min: z.number(), max: z.number() })
    .refine(({ min, max }) => min < max, "min must be below max"),
};

/** What texts go through before they are tokenised. */
const reading = { cleaning: cleaningSchema.exactOptional() };

/** What a model of one encoder predicts in, where that is not float32. */
const precision = { precision: z.enum(predictionPrecisions).exactOptional() };

const crossEncoderSchema = z.strictObject({
  kind: z.literal("cross-encoder"),
  ...common,
  ...precision,
  ...reading,
  maxLength: z.int().positive(),
  head: headConfigSchema.default({ type: "family", pooling: "cls" }),
  output: outputSchema.default({ type: "regression" }),
});

const sentenceEncoderSchema = z.strictObject({
  kind: z.literal("sentence-encoder"),
  ...common,
  ...precision,
  ...reading,
});

/** Whoever made the file must not choose what is read outside of its directory, or that itself. */
const isInside = (relative: string): boolean =>
  !/[\\:\0]/.test(relative) &&
  relative.split("/").every((part) => part !== "" && part !== "." && part !== "..");

const memberPath = z
  .string()
  .refine(isInside, "expected a path inside of the model's directory, such as members/0");

const ensembleSchema = <Kind extends "voting" | "stacking">(kind: Kind) =>
  z.strictObject({
    kind: z.literal(kind),
    ...common,
    /** Directories beside the file, each a model of its own. */
    members: z.array(memberPath).min(1),
    freezeMembers: z.boolean(),
  });

/** `sts_config.json`: what Hugging Face's files cannot say of a model. */
const schema = z.discriminatedUnion("kind", [
  crossEncoderSchema,
  sentenceEncoderSchema,
  ensembleSchema("voting"),
  ensembleSchema("stacking"),
]);

export type StsConfig = z.output<typeof schema>;
export type ModelKind = StsConfig["kind"];
export type ConfigOf<Kind extends ModelKind> = Extract<StsConfig, { kind: Kind }>;

const stsConfigFile = "sts_config.json";

/**
 * Reads `sts_config.json`; null where there is none, as in a checkpoint that is not ours.
 * @throws StsError `CHECKPOINT_CORRUPT`, `IO_FAILED`
 */
export const readStsConfig = (directory: string): Promise<StsConfig | null> =>
  readJsonFile(path.join(directory, stsConfigFile), schema);

/** @throws StsError `IO_FAILED` */
export const writeStsConfig = (directory: string, config: StsConfig): Promise<void> =>
  writeFileAtomically(path.join(directory, stsConfigFile), `${JSON.stringify(config, null, 2)}\n`);

/**
 * An ensemble's directory has no encoder of its own.
 * @throws StsError `INVALID_ARGUMENT`
 */
export function requireSingleModel(directory: string, config: StsConfig | null): void {
  if (config?.kind !== "voting" && config?.kind !== "stacking") return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${directory}: is a ${config.kind} model of several models; load it with loadModel, or one of its members.`,
  );
}

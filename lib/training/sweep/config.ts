import { z } from "zod";
import { trainConfigSchema } from "../config.js";
import { parseConfig } from "../parse-config.js";
import { parseSpace, spaceSchema } from "./space.js";

/** What decides a sweep beside its space: what decides a training. */
export const sweepSettingsSchema = trainConfigSchema.extend({
  train: z.string().optional().describe("training pairs: .csv, .tsv, .json or .jsonl, also .gz"),
  output: z.string().describe("directory of all trials; must not hold a run yet"),
  keep: z.int().min(0).default(1).describe("how many trials keep their weights, the best ones"),
});

/** Everything that decides a sweep. What is searched stands over the same setting beside it. */
export const sweepConfigSchema = sweepSettingsSchema.extend({ space: spaceSchema });

/** A complete configuration. */
export type SweepConfig = z.output<typeof sweepConfigSchema>;

/** What a caller gives: the rest takes its defaults. */
export type SweepOptions = z.input<typeof sweepConfigSchema>;

/**
 * Checks the configuration of a sweep and fills in the defaults.
 * @param where what the values came from, such as a file's path, for the message
 * @throws StsError `INVALID_ARGUMENT`, naming every key at fault
 */
export function parseSweepConfig(
  { space, ...settings }: Readonly<Record<string, unknown>>,
  where: string,
): SweepConfig {
  const parsed = parseConfig(sweepSettingsSchema, settings, where);
  return { ...parsed, space: parseSpace(space, `${where}: space`) };
}

/** What every trial shares; what is searched may be missing. */
export const sharedSettings = (config: SweepConfig): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).filter(([key]) => key in trainConfigSchema.shape));

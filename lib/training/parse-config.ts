import type { z } from "zod";
import { StsError } from "../foundation/errors.js";
import { explainIssues } from "../foundation/explain-issues.js";
import { columnFields } from "../data/columns.js";
import { compileLoss } from "../losses/compile.js";
import { cleaningKeys } from "../text/cleaning/rules.js";
import { contradictions, optimisationContradictions } from "./check-config.js";
import { trainConfigSchema, type TrainConfig } from "./config.js";
import { pretrainConfigSchema, type PretrainConfig } from "./pretraining/config.js";

/**
 * Checks the configuration of a training and fills in the defaults.
 * @param where what the values came from, such as a file's path, for the message
 * @throws StsError `INVALID_ARGUMENT`, naming every key at fault
 */
export const parseTrainConfig = (values: unknown, where: string): TrainConfig =>
  requireConsistent(parseConfig(trainConfigSchema, values, where), where);

/** The same for the configuration of a pre-training. */
export function parsePretrainConfig(values: unknown, where: string): PretrainConfig {
  const config = parseConfig(pretrainConfigSchema, values, where);
  requireNone(optimisationContradictions(config), where);
  return config;
}

/** The same for the configuration of anything, each setting by itself. */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  values: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  const inside: Record<string, readonly string[]> = {
    "": Object.keys(schema.shape),
    columns: columnFields,
    cleaning: cleaningKeys,
  };
  const known = (key: string) => inside[key] ?? [];
  const problems = explainIssues(result.error.issues, known);
  throw new StsError("INVALID_ARGUMENT", `${where}: ${problems.join("\n")}`, {
    cause: result.error,
  });
}

function requireConsistent(config: TrainConfig, where: string): TrainConfig {
  if (config.loss !== undefined) compileLoss(config.loss);
  requireNone(contradictions(config), where);
  return config;
}

function requireNone(problems: readonly string[], where: string): void {
  if (problems.length === 0) return;
  throw new StsError("INVALID_ARGUMENT", `${where}: ${problems.join("\n")}`);
}

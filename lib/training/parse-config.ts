import type { z } from "zod";
import { StsError, describe } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import { columnFields } from "../data/columns.js";
import { compileLoss } from "../losses/compile.js";
import { contradictions } from "./check-config.js";
import { trainConfigSchema, type TrainConfig } from "./config.js";

/**
 * Checks the configuration of a training and fills in the defaults.
 * @param where what the values came from, such as a file's path, for the message
 * @throws StsError `INVALID_ARGUMENT`, naming every key at fault
 */
export const parseTrainConfig = (values: unknown, where: string): TrainConfig =>
  requireConsistent(parseConfig(trainConfigSchema, values, where), where);

/** The same for the configuration of anything. */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  values: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  const known = Object.keys(schema.shape);
  const problems = result.error.issues.flatMap((issue) => explain(issue, known));
  throw new StsError("INVALID_ARGUMENT", `${where}: ${problems.join("\n")}`, {
    cause: result.error,
  });
}

function requireConsistent(config: TrainConfig, where: string): TrainConfig {
  const problems = contradictions(config);
  if (config.loss !== undefined) compileLoss(config.loss);
  if (problems.length === 0) return config;
  throw new StsError("INVALID_ARGUMENT", `${where}: ${problems.join("\n")}`);
}

function explain(issue: z.core.$ZodIssue, known: readonly string[]): string[] {
  const key = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const prefix = key === "" ? "" : `${key}.`;
    const names = key === "columns" ? columnFields : key === "" ? known : [];
    return issue.keys.map(
      (name) => `there is no setting "${prefix}${name}".${suggestion(name, names)}`,
    );
  }
  if (issue.input === undefined) return [`${key} is required.`];
  return [`${key}: ${issue.message}, got ${shown(issue.input)}.`];
}

const shown = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : describe(value);

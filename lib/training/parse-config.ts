import type { z } from "zod";
import { StsError, describe } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import { columnFields } from "../data/columns.js";
import { compileLoss } from "../losses/compile.js";
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
  const known = Object.keys(schema.shape);
  const problems = result.error.issues.flatMap((issue) => explain(issue, known));
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
  const ofForm = issue.code === "invalid_union" ? explainForm(issue, known) : [];
  if (ofForm.length > 0) return ofForm;
  return [`${key}: ${issue.message}, got ${shown(issue.input)}.`];
}

/** What is wrong with the form that a value was written in, of a setting that has several. */
function explainForm(issue: z.core.$ZodIssueInvalidUnion, known: readonly string[]): string[] {
  const isObject = typeof issue.input === "object";
  const isOther = ({ path, code }: z.core.$ZodIssue) =>
    path.length === 0 && (code === "invalid_type" || (code === "invalid_value" && isObject));
  const form = issue.errors.find((issues) => !issues.some(isOther)) ?? [];
  return form.flatMap((inner) =>
    explain({ ...inner, path: [...issue.path, ...inner.path] }, known),
  );
}

const shown = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : describe(value);

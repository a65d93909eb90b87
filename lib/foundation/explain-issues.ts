import type { z } from "zod";
import { describe } from "./errors.js";
import { suggestion } from "./suggestion.js";

/** The settings that there are at a key, which is empty for those of the whole. */
export type KnownSettings = (key: string) => readonly string[];

/** What is wrong with settings, a sentence for each; the values must have been kept in the issues. */
export const explainIssues = (
  issues: readonly z.core.$ZodIssue[],
  known: KnownSettings,
): string[] => issues.flatMap((issue) => explain(issue, known));

function explain(issue: z.core.$ZodIssue, known: KnownSettings): string[] {
  const key = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const prefix = key === "" ? "" : `${key}.`;
    return issue.keys.map(
      (name) => `there is no setting "${prefix}${name}".${suggestion(name, known(key))}`,
    );
  }
  if (issue.input === undefined) return [`${key} is required.`];
  const ofForm = issue.code === "invalid_union" ? explainForm(issue, known) : [];
  if (ofForm.length > 0) return ofForm;
  return [`${key === "" ? "" : `${key}: `}${issue.message}, got ${shown(issue.input)}.`];
}

/** What is wrong with the form that a value was written in, of a setting that has several. */
function explainForm(issue: z.core.$ZodIssueInvalidUnion, known: KnownSettings): string[] {
  const isObject = typeof issue.input === "object";
  const isOther = ({ path, code }: z.core.$ZodIssue) =>
    path.length === 0 && (code === "invalid_type" || (code === "invalid_value" && isObject));
  const form = issue.errors.find((issues) => !issues.some(isOther)) ?? [];
  return explainIssues(
    form.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
    known,
  );
}

const shown = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : describe(value);

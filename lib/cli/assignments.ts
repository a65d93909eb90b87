import { parse } from "yaml";
import { StsError, describe } from "../foundation/errors.js";
import { assignSetting } from "../training/assign-setting.js";
import type { Given } from "./flags.js";

/**
 * Settings with those that `--set` gives put over them. A key may lead into an object,
 * `head.widths=[512,256]`; a value is written as in YAML.
 * @param assignments each `key=value`
 * @param known the names of the settings
 * @throws StsError `INVALID_ARGUMENT`
 */
export function assign(
  settings: Given,
  assignments: readonly string[],
  known: readonly string[],
): Given {
  const result = structuredClone(settings);
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    if (equals < 1) {
      throw invalid(`--set: expected key=value, got ${describe(assignment)}.`);
    }
    const key = assignment.slice(0, equals).trim();
    const value = parseValue(key, assignment.slice(equals + 1));
    assignSetting(result, key, value, { known, where: "--set" });
  }
  return result;
}

function parseValue(key: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw invalid(`--set ${key}: ${describe(text)} is not a value as YAML writes it.`, cause);
  }
}

function invalid(message: string, cause?: unknown): StsError {
  return new StsError("INVALID_ARGUMENT", message, { cause });
}

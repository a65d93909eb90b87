import { existsSync } from "node:fs";
import { stringify } from "yaml";
import { StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import {
  cleaningKeys,
  cleaningPresetNames,
  describeRule,
  parseCleaningRules,
  type CleaningRules,
} from "../text/cleaning/rules.js";
import { readConfigFileSync } from "./config-file.js";

/**
 * The cleaning rules that a flag names: those of a YAML file, or of a name.
 * @throws StsError `NOT_FOUND`, `INVALID_ARGUMENT`
 */
export function readRules(flag: string, fileOrName: string): CleaningRules {
  if (cleaningPresetNames.some((name) => name === fileOrName)) {
    return parseCleaningRules(fileOrName);
  }
  if (existsSync(fileOrName)) {
    return parseCleaningRules(readConfigFileSync(fileOrName, cleaningKeys), fileOrName);
  }
  throw new StsError(
    "NOT_FOUND",
    `--${flag}: there is no file ${fileOrName}; give a YAML file of rules, or one of ` +
      `${cleaningPresetNames.join(", ")}.${suggestion(fileOrName, cleaningPresetNames)}`,
  );
}

/** Rules as a YAML file has them, each with what it does; those that are off are commented out. */
export function rulesText(rules: CleaningRules): string {
  const entries = cleaningKeys.map((key) => {
    const value = rules[key];
    const written = value === undefined ? "" : stringify(value, { collectionStyle: "flow" });
    const line = `${key}: ${written}`.trimEnd();
    return `# ${describeRule(key)}\n${value === undefined ? `# ${line}` : line}`;
  });
  return entries.join("\n\n");
}

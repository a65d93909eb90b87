import { parse } from "yaml";
import { StsError, describe } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
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
    const path = key.split(".");
    if (!known.includes(path[0]!)) {
      throw invalid(`--set: there is no setting "${path[0]}".${suggestion(path[0]!, known)}`);
    }
    // `__proto__` would be set on every object of the program.
    if (path.some((part) => part === "" || part === "__proto__")) {
      throw invalid(`--set ${key}: expected names with a dot between them, such as head.widths.`);
    }
    put(result, path, key, parseValue(key, assignment.slice(equals + 1)));
  }
  return result;
}

function put(settings: Given, path: readonly string[], key: string, value: unknown): void {
  let target = settings;
  path.slice(0, -1).forEach((part, i) => {
    const name = path[i + 1]!;
    if (!Object.hasOwn(target, part)) target[part] = null;
    const inner = (target[part] ??= isPlace(name) ? [] : {});
    if (!holds(inner, name)) {
      const what = Array.isArray(inner) ? "a list" : describe(inner);
      throw invalid(`--set ${key}: ${part} is ${what}, in which "${name}" cannot be set.`);
    }
    target = inner;
  });
  target[path.at(-1)!] = value;
}

/** Whether something can be set in a value: anything in an object, in a list one of its places. */
function holds(value: unknown, name: string): value is Given {
  if (!Array.isArray(value)) return typeof value === "object" && value !== null;
  return isPlace(name) && Number(name) <= value.length;
}

const isPlace = (name: string): boolean => /^\d+$/.test(name);

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

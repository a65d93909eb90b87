import { StsError, describe } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";

type Settings = Record<string, unknown>;

/**
 * Puts a value into settings. A key may lead into an object, `head.widths`, or to a place of a list,
 * `parameterRules.0.lr`; what is missing on the way is made.
 * @param settings are changed
 * @param known the names of the settings
 * @param where what the key came from, for the message
 * @throws StsError `INVALID_ARGUMENT`
 */
export function assignSetting(
  settings: Settings,
  key: string,
  value: unknown,
  { known, where }: { known: readonly string[]; where: string },
): void {
  const path = key.split(".");
  if (!known.includes(path[0]!)) {
    throw invalid(`${where}: there is no setting "${path[0]}".${suggestion(path[0]!, known)}`);
  }
  // `__proto__` would be set on every object of the program.
  if (path.some((part) => part === "" || part === "__proto__")) {
    throw invalid(`${where} ${key}: expected names with a dot between them, such as head.widths.`);
  }
  let target = settings;
  path.slice(0, -1).forEach((part, i) => {
    const name = path[i + 1]!;
    if (!Object.hasOwn(target, part)) target[part] = null;
    const inner = (target[part] ??= isPlace(name) ? [] : {});
    if (!holds(inner, name)) {
      const what = Array.isArray(inner) ? "a list" : describe(inner);
      throw invalid(`${where} ${key}: ${part} is ${what}, in which "${name}" cannot be set.`);
    }
    target = inner;
  });
  target[path.at(-1)!] = value;
}

/** Whether something can be set in a value: anything in an object, in a list one of its places. */
function holds(value: unknown, name: string): value is Settings {
  if (!Array.isArray(value)) return typeof value === "object" && value !== null;
  return isPlace(name) && Number(name) <= value.length;
}

const isPlace = (name: string): boolean => /^\d+$/.test(name);

const invalid = (message: string): StsError => new StsError("INVALID_ARGUMENT", message);

import type { z } from "zod";
import { StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import type { CommandLine } from "./command.js";
import { flagsOf, kebabCase, settingsWithoutFlag, type Flag, type Given } from "./flags.js";

/** What yargs makes of the arguments: every flag under all of its spellings, and the words. */
export type ParsedArguments = Readonly<Record<string, unknown>>;

/** Flags that every command has; yargs answers the first two. */
export const commonFlags = ["help", "version", "json"] as const;

/** Not flags: the words, those after `--`, and the program's name. */
const notFlags = new Set(["_", "--", "$0"]);

/**
 * Checks the arguments of a command. Numbers must have come as text, so that an error can show
 * what was written.
 * @throws StsError `INVALID_ARGUMENT`, naming the flag
 */
export function readFlags(schema: z.ZodObject, parsed: ParsedArguments): CommandLine {
  const flags = flagsOf(schema);
  const given: Given = {};
  for (const { key, name, type, parse } of flags) {
    const text = parsed[name];
    if (text === undefined) continue;
    given[key] =
      type === "list"
        ? [text].flat().map((item) => requireOneValue(name, item))
        : parse(requireOneValue(name, text, type === "boolean"));
  }
  requireKnown(schema, flags, parsed);
  const [, ...words] = wordsOf(parsed);
  return { given, words };
}

/** All words: the command's name, its operands, and those after `--`. */
export function wordsOf(parsed: ParsedArguments): string[] {
  return [parsed._, parsed["--"]].flatMap((words) =>
    Array.isArray(words) ? words.map(String) : [],
  );
}

/** @param mayBeAlone whether the flag says something without a value */
function requireOneValue(name: string, value: unknown, mayBeAlone = false): string {
  if (Array.isArray(value)) {
    throw new StsError("INVALID_ARGUMENT", `--${name} is given ${value.length} times.`);
  }
  if (typeof value === "string" && (value !== "" || mayBeAlone)) return value;
  throw new StsError(
    "INVALID_ARGUMENT",
    `--${name} needs a value. (One that starts with a dash is written --${name}=-…)`,
  );
}

function requireKnown(schema: z.ZodObject, flags: readonly Flag[], parsed: ParsedArguments): void {
  const known = [...commonFlags, ...flags.map(({ name }) => name)];
  const withoutFlag = settingsWithoutFlag(schema).map((setting) => setting.key);
  for (const key of Object.keys(parsed)) {
    // `-h` is yargs' own; camelCase spellings stand beside the ones with dashes.
    if (notFlags.has(key) || key === "h" || known.includes(kebabCase(key))) continue;
    const setting = withoutFlag.find((name) => kebabCase(name) === kebabCase(key));
    if (setting !== undefined) {
      throw new StsError(
        "INVALID_ARGUMENT",
        `${setting} has no flag of its own: give it in the YAML file, or as --set ${setting}=…`,
      );
    }
    const written = key.length === 1 ? `-${key}` : `--${key}`;
    const candidates = known.map((name) => `--${name}`);
    throw new StsError(
      "INVALID_ARGUMENT",
      `there is no flag ${written}.${suggestion(`--${kebabCase(key)}`, candidates)}`,
    );
  }
}

/** Refuses words where a command takes none. */
export function requireNoWords(words: readonly string[]): void {
  const [word] = words;
  if (word === undefined) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `unexpected argument ${JSON.stringify(word)}: values follow their flag, and those with spaces are quoted.`,
  );
}

/** @throws StsError `INVALID_ARGUMENT`, naming every setting that has to be given and is not */
export function requireGiven(schema: z.ZodObject, given: Given): void {
  const missing = flagsOf(schema).filter(({ key, required }) => required && !(key in given));
  if (missing.length === 0) return;
  const named = missing.map(({ name, description }) => `--${name} (${description})`);
  throw new StsError("INVALID_ARGUMENT", `missing: ${named.join(", ")}.`);
}

/** The settings of a command whose flags are all there is, with their defaults. */
export function settingsOf<Schema extends z.ZodObject>(
  schema: Schema,
  { given, words }: CommandLine,
): z.output<Schema> {
  requireNoWords(words);
  requireGiven(schema, given);
  return schema.parse(given);
}

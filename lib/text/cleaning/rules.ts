import { z } from "zod";
import { StsError } from "../../foundation/errors.js";
import { explainIssues } from "../../foundation/explain-issues.js";
import { suggestion } from "../../foundation/suggestion.js";
import { createPass, placeholderPattern } from "./pass.js";
import { characterKinds, type CharacterKind } from "./units.js";

const kinds = Object.keys(characterKinds) as CharacterKind[];

const most = (what: string) => z.int().min(1).exactOptional().describe(what);

const rulesSchema = z.strictObject({
  placeholders: z
    .array(z.string().superRefine(requirePattern))
    .default([])
    .describe("regular expressions of what no other rule touches, such as <[A-Z]+>"),
  unicode: z.enum(["none", "NFC", "NFKC"]).default("none").describe("normalisation"),
  emoji: z
    .union([z.enum(["keep", "remove"]), z.strictObject({ replaceWith: z.string() })])
    .default("keep")
    .describe("keep, remove, or {replaceWith: text}"),
  keep: z
    .array(z.enum(kinds))
    .exactOptional()
    .describe(
      `kinds of characters that stay, of ${kinds.join(", ")}; all when left out; white space always`,
    ),
  alsoKeep: z.string().default("").describe("characters that stay, whatever emoji and keep say"),
  repeatedCharacters: most("of a letter that is repeated, as in ㅋㅋㅋㅋ, so many stay"),
  repeatedPunctuation: most("of punctuation, a symbol or an emoji that is repeated, so many stay"),
  collapseSpaces: z.boolean().default(false).describe("any white space becomes one space"),
  trim: z.boolean().default(false).describe("white space at the start and the end is removed"),
});

/** A complete rule set. */
export type CleaningRules = z.output<typeof rulesSchema>;

/** What a caller gives: what is left out, is off. */
export type CleaningOptions = z.input<typeof rulesSchema>;

/** What texts are cleaned by, in the order in which the rules are applied. */
export const cleaningSchema = rulesSchema.superRefine((rules, context) => {
  const { keep, alsoKeep, emoji } = rules;
  const report = (key: keyof CleaningRules, message: string) =>
    context.addIssue({ code: "custom", path: [key], message, input: rules[key] });
  if (alsoKeep !== "" && keep === undefined && emoji === "keep") {
    report("alsoKeep", "does nothing without keep, or emoji that do not stay");
  }
  if (typeof emoji === "object" && !isStable(emoji.replaceWith, rules)) {
    report("emoji", "the rules would change the replacement itself; make it a placeholder");
  }
});

/** The names of the rules, in their order. */
export const cleaningKeys = Object.keys(rulesSchema.shape) as (keyof CleaningRules)[];

/** What each rule does. */
export const describeRule = (key: keyof CleaningRules): string =>
  rulesSchema.shape[key].description!;

/** Rule sets that have names. */
export const cleaningPresets = {
  /** Deletes all but letters, numbers, white space and , ? ! . */
  default: cleaningSchema.parse({
    placeholders: ["<[A-Z]+>"],
    unicode: "NFC",
    emoji: "remove",
    keep: ["letters", "numbers"],
    alsoKeep: ",?!.",
    collapseSpaces: true,
    trim: true,
  }),
  /** Leaves everything as it is. */
  none: cleaningSchema.parse({}),
};

/** A rule set, or the name of one, of which its rules become. */
export const cleaningSettingSchema = z.union([
  z
    .enum(["default", "none"], "expected rules, default or none (a file of rules is for a flag)")
    .transform((name) => cleaningPresets[name]),
  cleaningSchema,
]);

export type CleaningPreset = keyof typeof cleaningPresets;

export const cleaningPresetNames = Object.keys(cleaningPresets) as CleaningPreset[];

/**
 * Checks a rule set and fills in what it leaves out.
 * @param where what it came from, such as a file's path, for the message
 * @throws StsError `INVALID_ARGUMENT`, naming every key at fault
 */
export function parseCleaningRules(values: unknown, where = "cleaning"): CleaningRules {
  if (typeof values === "string") return presetOf(values, where);
  const result = cleaningSchema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  const problems = explainIssues(result.error.issues, (key) => (key === "" ? cleaningKeys : []));
  throw new StsError("INVALID_ARGUMENT", `${where}: ${problems.join("\n")}`, {
    cause: result.error,
  });
}

function presetOf(name: string, where: string): CleaningRules {
  const known = cleaningPresetNames.find((preset) => preset === name);
  if (known !== undefined) return cleaningPresets[known];
  const expected = `expected rules, or one of ${cleaningPresetNames.join(", ")}`;
  const hint = suggestion(name, cleaningPresetNames);
  throw new StsError(
    "INVALID_ARGUMENT",
    `${where}: ${expected}, got ${JSON.stringify(name)}.${hint}`,
  );
}

/** Whether a text comes out of the rules, amid others, as it went in. */
const isStable = (text: string, rules: CleaningRules): boolean =>
  createPass({ ...rules, trim: false })(text).text === text;

function requirePattern(pattern: string, context: z.RefinementCtx<string>): void {
  const problem = problemOf(pattern);
  if (problem) context.addIssue({ code: "custom", message: problem, input: pattern });
}

function problemOf(pattern: string): string | undefined {
  try {
    placeholderPattern([pattern]);
  } catch (error) {
    return `is not a regular expression (${(error as Error).message})`;
  }
  // Numbers of groups would be others beside other patterns.
  const groups = new RegExp(`${pattern}|`, "u").exec("")!.length - 1;
  if (groups > 0) return "groups are written (?:…) here";
  return new RegExp(`^(?:${pattern})$`, "u").test("") ? "must not fit an empty text" : undefined;
}

import { z } from "zod";
import { parseColumns } from "../data/columns.js";
import { StsError, invalidArgument } from "../foundation/errors.js";
import { compileLoss } from "../losses/compile.js";
import { suggestion } from "../foundation/suggestion.js";
import { parseBuckets, parseEvery } from "./bucket-flags.js";
import { readRules } from "./rules-file.js";

/** Values by their key in the schema. */
export type Given = Record<string, unknown>;

/** A setting as it is written on the command line. */
export type Flag = {
  /** In the schema, such as `batchSize`. */
  key: string;
  /** On the command line, without its dashes, such as `batch-size`. */
  name: string;
  type: "string" | "number" | "boolean" | "list";
  description: string;
  required: boolean;
  choices: readonly string[] | undefined;
  default: string | undefined;
  /** @throws StsError `INVALID_ARGUMENT`, naming the flag */
  parse: (text: string) => unknown;
};

/** Settings that are objects in the schema have a short form of their own on the command line. */
const shortForms: Readonly<Record<string, (name: string, text: string) => unknown>> = {
  buckets: parseBuckets,
  cleaning: readRules,
  columns: (_, text) => parseColumns(text),
  every: parseEvery,
  fold: parseFolds,
  labelRange: parseLabelRange,
  loss: parseLossText,
  rules: readRules,
};

type Property = {
  type?: string;
  enum?: readonly string[];
  anyOf?: readonly Property[];
  /** Whether the setting has a flag; one that has none is given in the YAML file or by `--set`. */
  flag?: boolean;
  default?: string | number | boolean | object;
  description?: string;
};

/** A flag for every key of a schema but those that are for files. */
export function flagsOf(schema: z.ZodObject): Flag[] {
  const fields = schema.shape as Record<string, z.core.$ZodType>;
  const { properties, required } = describeSchema(schema);
  const flagged = Object.entries(properties).filter(([, { flag }]) => flag !== false);
  return flagged.map(([key, property]) => {
    const name = kebabCase(key);
    return {
      key,
      name,
      type: typeOf(property),
      description: property.description ?? "",
      required: required.includes(key),
      choices: key in shortForms ? undefined : choicesOf(property),
      default: typeof property.default === "object" ? undefined : property.default?.toString(),
      parse: (text) => checked(fields[key]!, name, text, convert(key, name, property, text)),
    };
  });
}

/** The keys of a schema that have no flag, and what they mean. */
export function settingsWithoutFlag(schema: z.ZodObject): { key: string; description: string }[] {
  return Object.entries(describeSchema(schema).properties).flatMap(
    ([key, { flag, description = "" }]) => (flag === false ? [{ key, description }] : []),
  );
}

function describeSchema(schema: z.ZodObject) {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return { properties: properties as Record<string, Property>, required };
}

function typeOf({ type }: Property): Flag["type"] {
  if (type === "array") return "list";
  if (type === "boolean") return "boolean";
  return type === "integer" || type === "number" ? "number" : "string";
}

/** A setting that is a name or an object has its names as choices. */
const choicesOf = ({ enum: own, anyOf = [] }: Property): readonly string[] | undefined =>
  own ?? anyOf.find((option) => option.enum)?.enum;

export const kebabCase = (key: string): string =>
  key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

function convert(key: string, name: string, property: Property, text: string) {
  const { type } = property;
  const choices = choicesOf(property);
  const shortForm = shortForms[key];
  if (shortForm) return shortForm(name, text);
  if (type === "integer") return toNumber(name, text, "a whole number", Number.isSafeInteger);
  if (type === "number") return toNumber(name, text, "a number", Number.isFinite);
  if (type === "boolean") return toBoolean(name, text);
  if (choices && !choices.includes(text)) {
    const { message } = invalidArgument(`--${name}`, `one of ${choices.join(", ")}`, text);
    throw new StsError("INVALID_ARGUMENT", message + suggestion(text, choices));
  }
  return text;
}

function toNumber(
  name: string,
  text: string,
  expected: string,
  fits: (value: number) => boolean,
): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (fits(value)) return value;
  throw invalidArgument(`--${name}`, expected, text);
}

/** The flag alone says yes. */
function toBoolean(name: string, text: string): boolean {
  if (text === "" || text === "true") return true;
  if (text === "false") return false;
  throw invalidArgument(`--${name}`, "true or false", text);
}

function parseFolds(name: string, text: string): number[] {
  return text
    .split(",")
    .map((part) =>
      toNumber(name, part, "numbers of folds, such as 2 or 1,3", Number.isSafeInteger),
    );
}

function parseLabelRange(name: string, text: string): { min: number; max: number } {
  const bounds = text.split(",").map((bound) => (bound.trim() === "" ? NaN : Number(bound)));
  const [min, max] = bounds;
  if (bounds.length === 2 && bounds.every(Number.isFinite)) return { min: min!, max: max! };
  throw invalidArgument(`--${name}`, "the lowest and the highest label, such as 0,5", text);
}

/** The text itself; a mistake in it is told by its column. */
function parseLossText(_: string, text: string): string {
  compileLoss(text);
  return text;
}

function checked(schema: z.core.$ZodType, name: string, text: string, value: unknown): unknown {
  const result = z.safeParse(schema, value);
  if (result.success) return value;
  const what = result.error.issues.map(({ message }) => message).join("; ");
  throw new StsError("INVALID_ARGUMENT", `--${name}: ${what}, got ${JSON.stringify(text)}.`);
}

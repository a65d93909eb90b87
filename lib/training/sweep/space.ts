import { z } from "zod";
import { StsError, describe } from "../../foundation/errors.js";
import { suggestion } from "../../foundation/suggestion.js";
import { parseConfig } from "../parse-config.js";
import { mostTrials, requireFields } from "./require-fields.js";

/** Numbers from `min` to `max`; with `step` only those that are a whole number of steps above `min`. */
const rangeSchema = z.strictObject({
  min: z.number(),
  max: z.number(),
  scale: z.enum(["linear", "log"]).default("linear"),
  step: z.number().positive().exactOptional(),
});

const fieldSchema = z.union([z.array(z.json()).min(1), rangeSchema]);

/** By the path of a setting, such as `lr` or `head.widths`. */
const fieldsSchema = z.record(z.string(), fieldSchema);

const count = () => z.int().min(1).max(mostTrials);

const methods = {
  grid: z.strictObject({ method: z.literal("grid"), fields: fieldsSchema }),
  random: z.strictObject({ method: z.literal("random"), trials: count(), fields: fieldsSchema }),
  halving: z.strictObject({
    method: z.literal("halving"),
    /** Of the first rung. */
    candidates: count(),
    /** Of each rung the best 1 / factor go on, with factor times the epochs. */
    factor: z.int().min(2).default(3),
    /** Of the first rung; else as many as let the last rung take the trainings' epochs. */
    minEpochs: z.int().min(1).exactOptional(),
    fields: fieldsSchema,
  }),
};

/** Which settings are searched, among which values, and how. */
export const spaceSchema = z.discriminatedUnion("method", [
  methods.grid,
  methods.random,
  methods.halving,
]);

export type Range = z.output<typeof rangeSchema>;
export type SweepField = z.output<typeof fieldSchema>;
export type SweepSpace = z.output<typeof spaceSchema>;
export type SweepMethod = SweepSpace["method"];

/** A value of a field, as YAML and JSON have it. */
export type FieldValue = z.output<ReturnType<typeof z.json>>;

/** The keys that a space may have. */
export const spaceKeys = [
  ...new Set(Object.values(methods).flatMap(({ shape }) => Object.keys(shape))),
];

/**
 * Checks a space and fills in its defaults.
 * @param where what it came from, such as a file's path, for the message
 * @throws StsError `INVALID_ARGUMENT`, naming every key at fault
 */
export function parseSpace(values: unknown, where: string): SweepSpace {
  if (!isObject(values)) {
    throw invalid(`${where}: expected a method and fields, got ${describe(values)}.`);
  }
  const method = parseMethod(values.method, where);
  requireKeysOf(method, values, where);
  const { fields } = values;
  const parsed = isObject(fields)
    ? Object.entries(fields).map(([path, field]) => [path, parseField(field, path, where)] as const)
    : undefined;
  if (parsed?.length === 0) throw invalid(`${where}: fields: name at least one setting.`);
  const space = parseConfig<z.ZodObject>(
    methods[method],
    parsed ? { ...values, fields: Object.fromEntries(parsed) } : values,
    where,
  ) as SweepSpace;
  requireFields(space, where);
  return space;
}

function parseMethod(value: unknown, where: string): SweepMethod {
  const names = Object.keys(methods) as SweepMethod[];
  const method = names.find((name) => name === value);
  if (method !== undefined) return method;
  const got = value === undefined ? "it is missing" : `got ${describe(value)}`;
  const meant = typeof value === "string" ? suggestion(value, names) : "";
  throw invalid(`${where}: method: expected one of ${names.join(", ")}; ${got}.${meant}`);
}

/** A key that another method has is no misspelling. */
function requireKeysOf(method: SweepMethod, values: object, where: string): void {
  const own = Object.keys(methods[method].shape);
  const other = Object.keys(values).find((key) => !own.includes(key) && spaceKeys.includes(key));
  if (other === undefined) return;
  const [owner] = Object.entries(methods).find(([, { shape }]) => other in shape)!;
  throw invalid(`${where}: ${other} is for method: ${owner}, not for method: ${method}.`);
}

/** Of the largest value: values have twelve digits, and neighbours are to differ. */
const leastStep = 1e-10;

function parseField(field: unknown, path: string, where: string): unknown {
  const at = `${where}: fields.${path}`;
  if (Array.isArray(field)) {
    if (field.length === 0) throw invalid(`${at}: the list of values is empty.`);
    const texts = field.map((value) => JSON.stringify(value));
    const twice = texts.find((text, i) => texts.indexOf(text) < i);
    if (twice !== undefined) throw invalid(`${at}: has the value ${twice} twice.`);
    return field;
  }
  if (!isObject(field)) {
    throw invalid(
      `${at}: expected a list of values, such as [16, 32], or a range, such as ` +
        `{min: 1e-5, max: 1e-4, scale: log}, got ${describe(field)}.`,
    );
  }
  const range = parseConfig(rangeSchema, field, at);
  const { min, max, scale, step = 0 } = range;
  if (min >= max) throw invalid(`${at}: min must be below max, got ${min} and ${max}.`);
  const largest = Math.max(Math.abs(min), Math.abs(max));
  if (step > 0 && step < leastStep * largest) {
    throw invalid(`${at}: step: ${step} is too small beside ${largest} to tell values apart.`);
  }
  if (scale === "log" && min <= step / 2) {
    const least = step === 0 ? "above 0" : "above half a step";
    throw invalid(`${at}: scale: log needs a min ${least}, got ${min}.`);
  }
  return range;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const invalid = (message: string): StsError => new StsError("INVALID_ARGUMENT", message);

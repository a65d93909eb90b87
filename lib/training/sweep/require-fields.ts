import { z } from "zod";
import { StsError } from "../../foundation/errors.js";
import { suggestion } from "../../foundation/suggestion.js";
import { trainConfigSchema } from "../config.js";
import { sizeOf } from "./candidates.js";
import type { Range, SweepField, SweepSpace } from "./space.js";

/** More trials than this are a mistake in the space. */
export const mostTrials = 10_000;

/** The settings of a training that may be searched. */
const searchable = Object.keys(trainConfigSchema.shape).filter((key) => key !== "output");

/**
 * Makes sure that the fields of a space are settings of a training, and of a kind that the method can
 * search.
 * @throws StsError `INVALID_ARGUMENT`
 */
export function requireFields(space: SweepSpace, where: string): void {
  const paths = Object.keys(space.fields);
  for (const [path, field] of Object.entries(space.fields)) {
    const problem = problemOf(path, field, paths, space.method);
    if (problem !== undefined) throw invalid(`${where}: fields.${path}: ${problem}`);
  }
  const size = sizeOf(space.fields);
  if (space.method !== "grid" || size <= mostTrials) return;
  throw invalid(
    `${where}: fields: are ${size} combinations; a grid has at most ${mostTrials}. Take fewer values, ` +
      "or method: random.",
  );
}

function problemOf(
  path: string,
  field: SweepField,
  paths: readonly string[],
  method: SweepSpace["method"],
): string | undefined {
  const [setting] = path.split(".") as [string];
  if (setting === "output") return "every trial has a directory of its own; leave it out.";
  if (!searchable.includes(setting)) {
    return `there is no setting "${setting}".${suggestion(setting, searchable)}`;
  }
  const outer = paths.find((other) => path.startsWith(`${other}.`));
  if (outer !== undefined)
    return `is a part of ${outer}, which is searched too; search one of them.`;
  if (method === "halving" && setting === "epochs") {
    return "halving says how long each rung is trained; leave it out. The trainings' epochs are the most.";
  }
  return Array.isArray(field) ? undefined : problemOfRange(path, field, method);
}

function problemOfRange(
  path: string,
  { min, scale, step }: Range,
  method: SweepSpace["method"],
): string | undefined {
  if (method === "grid" && step === undefined) {
    return "a grid needs a list of values, or a range with a step.";
  }
  if (method === "grid" && scale === "log") {
    return "scale says how values are drawn, and a grid takes all of them; leave it out.";
  }
  if (isWhole(path) && !(Number.isInteger(min) && Number.isInteger(step))) {
    return "takes whole numbers: give the range a whole min and a whole step, such as step: 1.";
  }
  return undefined;
}

/** Whether a setting takes whole numbers alone. */
function isWhole(path: string): boolean {
  const { properties = {} } = z.toJSONSchema(trainConfigSchema, { io: "input" });
  const property = properties[path];
  return typeof property === "object" && property.type === "integer";
}

const invalid = (message: string): StsError => new StsError("INVALID_ARGUMENT", message);

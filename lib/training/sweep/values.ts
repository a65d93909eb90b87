import type { Random } from "../../data/random.js";
import type { FieldValue, Range, SweepField } from "./space.js";

/** Enough to tell values apart, and few enough to be read and written again. */
const digits = 6;

/** How many values a field has; Infinity for a range without a step. */
export function countOf(field: SweepField): number {
  if (Array.isArray(field)) return field.length;
  const { min, max, step } = field;
  // A whole number of steps may come out a little less.
  return step === undefined ? Infinity : Math.floor((max - min) / step + 1e-9) + 1;
}

/**
 * One of the values of a field that has a finite number of them.
 * @param index from 0
 */
export const valueAt = (field: SweepField, index: number): FieldValue =>
  Array.isArray(field) ? field[index]! : stepped(field, index);

/**
 * Draws a value: of a list each equally likely; of a range uniformly, or with `scale: log` so that
 * its logarithm is uniform. Of a range with steps and `scale: log` a value is as likely as all
 * numbers that are nearest to it. Numbers have six significant digits.
 */
export function drawValue(field: SweepField, random: Random): FieldValue {
  if (Array.isArray(field)) return field[random.integer(field.length)]!;
  const { min, max, scale, step } = field;
  if (scale === "linear") {
    if (step !== undefined) return stepped(field, random.integer(countOf(field)));
    return bounded(min + random.next() * (max - min), field);
  }
  if (step === undefined) return bounded(logUniform(min, max, random), field);
  const last = countOf(field) - 1;
  const drawn = logUniform(min - step / 2, min + (last + 0.5) * step, random);
  return stepped(field, Math.min(last, Math.max(0, Math.round((drawn - min) / step))));
}

const logUniform = (low: number, high: number, random: Random): number =>
  low * Math.exp(random.next() * Math.log(high / low));

/** Steps of a tenth add up to 0.30000000000000004. */
const stepped = ({ min, step = 1 }: Range, index: number): number =>
  Number((min + index * step).toPrecision(12));

const bounded = (value: number, { min, max }: Range): number =>
  Math.min(max, Math.max(min, Number(value.toPrecision(digits))));

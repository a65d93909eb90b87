import { compact } from "../format.js";
import { linearTicks, logTicks } from "./ticks.js";

/** A dimension of parallel coordinates. Where it has numbers and texts, all are taken as texts. */
export type ParallelAxis = {
  name: string;
  /** On a log axis all values must be above 0. */
  type: "linear" | "log" | "category";
  /** The order of a category axis; else that of the first occurrence. */
  categories?: readonly string[];
};

export type AxisValue = number | string | null;

/** Where values and ticks lie on an axis, from 0 to 1. */
export type PlacedAxis = {
  name: string;
  /** null for a value that is missing. */
  place: (value: AxisValue) => number | null;
  /** @param apart how far from each other labels must be at least, of the axis' length */
  ticks: (apart: number) => Tick[];
};

export type Tick = { at: number; text: string };

/** Lays an axis out for its values. */
export function placeAxis(axis: ParallelAxis, values: readonly AxisValue[]): PlacedAxis {
  const known = values.filter((value) => value !== null);
  const numbers = known.filter((value) => typeof value === "number");
  if (axis.type === "category" || numbers.length < known.length) return placeTexts(axis, known);
  return placeNumbers(axis, numbers);
}

function placeTexts({ name, categories }: ParallelAxis, known: readonly (number | string)[]) {
  const texts = [...new Set([...(categories ?? []), ...known.map(String)])];
  const at = (index: number) => (texts.length === 1 ? 0.5 : index / (texts.length - 1));
  return {
    name,
    place: (value: AxisValue) => (value === null ? null : at(texts.indexOf(String(value)))),
    ticks: () => texts.map((text, i) => ({ at: at(i), text })),
  };
}

function placeNumbers({ name, type }: ParallelAxis, numbers: readonly number[]): PlacedAxis {
  const values = [...new Set(numbers)].sort((a, b) => a - b);
  const [min = 0, max = min] = [values[0], values.at(-1)];
  const scale = type === "log" ? Math.log : (value: number) => value;
  const at = (value: number) =>
    max > min ? (scale(value) - scale(min)) / (scale(max) - scale(min)) : 0.5;
  const round = type === "log" ? logTicks(min, max, mostTicks) : linearTicks(min, max, mostTicks);
  // Few values, as of a choice, are named themselves.
  const between = values.length <= mostTicks ? values : round;
  return {
    name,
    place: (value) => (typeof value === "number" ? at(value) : null),
    ticks: (apart) => (values.length === 0 ? [] : spread([max, min, ...between], at, apart)),
  };
}

const mostTicks = 6;

/** As many of the values as have room, the first ones before others. */
function spread(values: readonly number[], at: (value: number) => number, apart: number): Tick[] {
  const ticks: Tick[] = [];
  for (const value of values) {
    if (ticks.some((tick) => Math.abs(tick.at - at(value)) < apart)) continue;
    ticks.push({ at: at(value), text: compact(value, 4) });
  }
  return ticks;
}

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
  ticks: readonly { at: number; text: string }[];
};

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
    ticks: texts.map((text, i) => ({ at: at(i), text })),
  };
}

const mostTicks = 7;

function placeNumbers({ name, type }: ParallelAxis, numbers: readonly number[]): PlacedAxis {
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  const scale = type === "log" ? Math.log : (value: number) => value;
  const at = (value: number) =>
    max > min ? (scale(value) - scale(min)) / (scale(max) - scale(min)) : 0.5;
  const round = type === "log" ? logTicks(min, max, mostTicks) : linearTicks(min, max, 5);
  return {
    name,
    place: (value) => (typeof value === "number" ? at(value) : null),
    ticks: numbers.length === 0 ? [] : ticksOf([min, max], round, at),
  };
}

/** The ends are always named, and round numbers between them where they have room. */
function ticksOf(
  ends: readonly [number, number],
  round: readonly number[],
  at: (value: number) => number,
) {
  const isFree = (value: number) =>
    ends.every((end) => Math.abs(at(value) - at(end)) >= 0.5 / mostTicks);
  const values = [...new Set([ends[0], ...round.filter(isFree), ends[1]])];
  return values.map((value) => ({ at: at(value), text: compact(value) }));
}

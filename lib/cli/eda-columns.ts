import type { PairsDescription } from "../data/description/description.js";
import { count, cut, percent } from "./format.js";

/** A column of the table: a file, or all of them. */
export type Column = { name: string; rows: number; badRows: number; pairs: PairsDescription };

/** A row of the table: what it is called, and its cell in each column. */
export type Line = readonly [name: string, cell: (column: Column, index: number) => string | null];

/** The cell of a figure that not every file has. */
export const of =
  <Part>(
    partOf: (pairs: PairsDescription) => Part | null,
    figure: (part: Part) => string,
  ): Line[1] =>
  ({ pairs }) => {
    const part = partOf(pairs);
    return part === null ? null : figure(part);
  };

/** What a file calls something, or what stands for nothing. */
export const nameText = (name: string | null): string => (name === null ? "(none)" : cut(name, 40));

/** `1,204 (21 %)`. */
export const part = (value: number, all: number): string =>
  value === 0 ? "-" : `${count(value)} (${percent(value / all)})`;

export const decimals = (value: number | null): string => (value === null ? "-" : value.toFixed(2));

/** At most two decimals, and only those that say something. */
export const short = (value: number): string => String(Math.round(value * 100) / 100);

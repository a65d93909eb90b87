import type { DataRow } from "./data-file.js";
import type { PairExample, Place, Repetition } from "./description.js";

export const placeOf = ({ path, pair }: DataRow): Place => ({ path, line: pair.line });

export const exampleOf = (row: DataRow): PairExample => ({
  ...placeOf(row),
  sentence1: row.pair.sentence1,
  sentence2: row.pair.sentence2,
  label: row.pair.label,
});

export const repetitionOf = (first: DataRow, second: DataRow): Repetition => ({
  first: exampleOf(first),
  second: exampleOf(second),
});

import type { TimeSlice } from "../../foundation/time-slice.js";
import { decimal } from "../row.js";
import { Finds } from "./collect.js";
import type { DataFile } from "./data-file.js";
import type { BinaryLabels } from "./description.js";
import { forEach } from "./for-each.js";
import type { LabelRange } from "../pair.js";
import { placeOf } from "./repetition.js";

/** The usual names, the last one in JSON as KLUE has it. */
const names = ["binary-label", "binary_label", "labels.binary-label"];

/**
 * Compares binary labels with the labels.
 * @returns null where the file has no column of them, or no labels
 */
export async function checkBinaryLabels(
  { header, fields, pairs }: DataFile,
  { min, max }: LabelRange,
  { examples, slice }: { examples: number; slice: TimeSlice },
): Promise<BinaryLabels | null> {
  const column = names.find((name) => header.has(name));
  if (column === undefined || fields.label === undefined) return null;
  const threshold = (min + max) / 2;
  const violations = new Finds<BinaryLabels["violations"]["examples"][number]>(examples);
  let checked = 0;
  await forEach(pairs, slice, (row) => {
    const { label } = row.pair;
    const value = row.row.value(column);
    if (label === null || value === undefined || value === null || value === "") return;
    checked++;
    const expected = label >= threshold ? 1 : 0;
    if (toNumber(value) === expected) return;
    const written = typeof value === "string" ? value : JSON.stringify(value);
    violations.add(() => ({ ...placeOf(row), label, value: written }));
  });
  return { column, threshold, checked, violations: violations.found() };
}

/** JSON may have numbers, or true and false. */
function toNumber(value: unknown): number | undefined {
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : decimal(value);
}

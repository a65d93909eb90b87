import { describe } from "../foundation/errors.js";
import { isVisible } from "../text/visible.js";
import type { LabelMode, PairColumns } from "./pair-columns.js";
import type { LabelRange, SentencePair } from "./pair.js";
import { type Row, RowError } from "./records.js";

/** What a row has to fulfil. */
export type RowRules = { labels: LabelMode; labelRange: LabelRange };

/**
 * The pair that a row holds.
 * @param index the 0-based number of the row, which is the id where the file has no ids
 * @throws RowError saying why the row cannot be used
 */
export function toPair(
  row: Row,
  index: number,
  columns: PairColumns,
  rules: RowRules,
): SentencePair {
  const source = columns.source === undefined ? undefined : text(row, columns.source);
  return {
    id: columns.id === undefined ? String(index) : identifier(row, columns.id),
    sentence1: sentence(row, columns.sentence1),
    sentence2: sentence(row, columns.sentence2),
    label: label(row, columns.label, rules),
    line: row.line,
    ...(source === undefined ? {} : { source }),
  };
}

export function identifier(row: Row, column: string): string {
  const id = text(row, column);
  if (id === undefined) throw new RowError(`no value in the column ${describe(column)}`);
  return id;
}

/** @throws RowError where there is no text, or one that cannot be read or written */
export function sentence(row: Row, column: string): string {
  const value = row.value(column);
  if (value === undefined || value === null) {
    throw new RowError(`no value in the column ${describe(column)}`);
  }
  if (typeof value !== "string") {
    throw new RowError(`${describe(column)} must be a text, got ${describe(value)}`);
  }
  if (!isVisible(value)) throw new RowError(`${describe(column)} is empty`);
  rejectUnwritable(value, column);
  return value;
}

/** A text or a number; undefined where there is none. */
function text(row: Row, column: string): string | undefined {
  const value = row.value(column);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string" && typeof value !== "number") {
    throw new RowError(`${describe(column)} must be a text, got ${describe(value)}`);
  }
  const written = String(value);
  rejectUnwritable(written, column);
  return written;
}

/** JSON can escape what UTF-8 and C strings cannot hold. */
function rejectUnwritable(value: string, column: string): void {
  if (value.includes("\0")) throw new RowError(`a NUL character in ${describe(column)}`);
  if (/\p{Surrogate}/u.test(value)) {
    throw new RowError(`half of a surrogate pair in ${describe(column)}`);
  }
}

function label(row: Row, column: string | undefined, rules: RowRules): number | null {
  const value = column === undefined ? undefined : row.value(column);
  if (value === undefined || value === null || value === "") {
    if (rules.labels === "required") throw new RowError("no label");
    return null;
  }
  const number = typeof value === "number" ? value : decimal(value);
  const { min, max } = rules.labelRange;
  if (number === undefined) {
    throw new RowError(`the label ${describe(value)} is not a number from ${min} to ${max}`);
  }
  if (number < min || number > max) {
    throw new RowError(`the label ${number} is out of range: expected ${min} to ${max}`);
  }
  return number;
}

/** What `Number` makes of hexadecimal digits, an empty text or "Infinity" is not a label. */
export function decimal(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : undefined;
}

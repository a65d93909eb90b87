import { describe, StsError } from "../foundation/errors.js";
import type { BadRecord, Header, Row } from "./records.js";

/** Whether there is nothing on the line, not even a space: such lines are not rows. */
export function isBlank(bytes: Buffer): boolean {
  const text = bytes.subarray(0, 2).toString("latin1");
  return text === "\n" || text === "\r\n" || text === "";
}

/** The header that the first record of a CSV or TSV file is. */
export function toHeader(filePath: string, line: number, cells: string[] | BadRecord): Header {
  const fail = (reason: string) =>
    new StsError("INVALID_DATA", `${filePath}:${line}: the header cannot be read: ${reason}.`);
  if (!Array.isArray(cells)) throw fail(cells.reason);
  if (cells.some((cell) => cell.includes("\r"))) {
    throw fail("the lines end in CR alone; convert them to LF");
  }
  const names = cells.map((cell) => cell.trim());
  return { kind: "header", line, names, has: (column) => names.includes(column) };
}

/** A row of a CSV or TSV file, which must be as wide as its header. */
export function toRow(header: Header, line: number, cells: readonly string[]): Row | BadRecord {
  const { names } = header;
  if (cells.length === names.length) {
    return { kind: "row", line, value: (column) => cells[names.indexOf(column)] };
  }
  const missing = names[cells.length];
  const hint = missing === undefined ? "" : ` (${describe(missing)} is missing)`;
  const reason = `wrong number of columns: expected ${names.length}, got ${cells.length}${hint}`;
  return { kind: "bad", line, reason };
}

import { describe, StsError } from "../foundation/errors.js";
import { BadRows } from "./bad-rows.js";
import type { Prediction } from "./predictions.js";
import { loadRows, type RowReader } from "./read-rows.js";
import { type Header, type Row, RowError } from "./records.js";
import { decimal, identifier } from "./row.js";

/** A prediction and the 1-based line of its file at which it stands. */
export type LocatedPrediction = Prediction & { line: number };

/**
 * The rows of a prediction file, in file order: CSV, also behind `.gz`, with the columns `id` and
 * `target`; others are not looked at. Ids may repeat.
 * @throws StsError `INVALID_DATA` for rows without an id or a finite number, a missing column and a
 *   file without rows, `NOT_FOUND` for a missing file
 */
export async function loadPredictions(filePath: string): Promise<LocatedPrediction[]> {
  const bad = new BadRows();
  const { rows } = await loadRows(
    filePath,
    // A prediction that is left out would be missing in what is made of the file.
    { format: "csv", onBadRow: "skip", onSkipped: (row) => bad.add(row) },
    predictionReader(filePath),
  );
  if (bad.count === 0) return rows;
  throw bad.toError(filePath, rows.length + bad.count, "Correct them, or predict again.");
}

function predictionReader(filePath: string): RowReader<LocatedPrediction> {
  return (header) => {
    for (const column of ["id", "target"]) requireOnce(filePath, header, column);
    return (row) => ({ id: identifier(row, "id"), target: target(row), line: row.line });
  };
}

function requireOnce(filePath: string, { line, names }: Header, column: string): void {
  const times = names.filter((name) => name === column).length;
  if (times === 1) return;
  const problem = times === 0 ? "there is no column" : "there is more than one column";
  throw new StsError(
    "INVALID_DATA",
    `${filePath}:${line}: ${problem} ${describe(column)}. A prediction file has the columns id and ` +
      `target, as predict writes them; this one has ${names.slice(0, 20).map(describe).join(", ")}.`,
  );
}

function target(row: Row): number {
  const value = row.value("target");
  const number = decimal(value);
  if (number !== undefined && Number.isFinite(number)) return number;
  throw new RowError(`the target ${describe(value)} is not a finite number`);
}

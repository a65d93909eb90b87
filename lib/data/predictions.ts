import { StsError } from "../foundation/errors.js";
import { writeFileAtomically } from "../foundation/atomic-file.js";

/** A row of a prediction file: a pair's id and its predicted score. */
export type Prediction = { id: string; target: number };

/**
 * Writes `id,target` as CSV, a row for each prediction in the order that they come in. Numbers
 * have all the digits that it takes to read the same number back. An old file stays until the new
 * one is complete.
 * @throws StsError `NOT_FINITE` for a score that is not a number, `IO_FAILED` when writing fails
 */
export async function writePredictions(
  filePath: string,
  rows: AsyncIterable<Prediction> | Iterable<Prediction>,
): Promise<void> {
  await writeFileAtomically(filePath, toCsv(rows));
}

/** A write for each row would be slow. */
const chunkLength = 1 << 16;

async function* toCsv(
  rows: AsyncIterable<Prediction> | Iterable<Prediction>,
): AsyncGenerator<string> {
  let chunk = "id,target\n";
  for await (const { id, target } of rows) {
    if (!Number.isFinite(target)) {
      throw new StsError("NOT_FINITE", `The prediction for the id ${id} is ${target}.`);
    }
    chunk += `${quoted(id)},${target}\n`;
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
}

/** A value as a CSV file holds it. @see RFC 4180, section 2 */
export function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

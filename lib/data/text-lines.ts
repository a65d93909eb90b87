import { isVisible } from "../text/visible.js";
import { decode, type Located, readBytes, splitLines } from "./bytes.js";
import { type BadRowOptions, type Outcome, usableRows } from "./read-rows.js";
import { type BadRecord, orBadRecord } from "./records.js";

/** A line of plain text, without its end, and its 1-based number in the (decompressed) file. */
export type TextLine = { line: number; text: string };

/**
 * The lines of a UTF-8 text file, also of a `.gz`, as it is read. Lines that show nothing are left
 * out. A line that is not UTF-8 or holds a NUL is a bad row: with `onBadRow: "error"` the first one
 * is the end of the lines, and one error then lists all.
 * @throws StsError `INVALID_DATA` for bad rows and a file without text, `NOT_FOUND` for a missing one
 */
export async function* readTextLines(
  filePath: string,
  options: BadRowOptions = {},
): AsyncGenerator<TextLine> {
  yield* usableRows(filePath, visibleLines(splitLines(readBytes(filePath))), options);
}

async function* visibleLines(lines: AsyncIterable<Located>): AsyncGenerator<Outcome<TextLine>> {
  for await (const { line, bytes } of lines) {
    const text: string | BadRecord = orBadRecord(line, () => decode(bytes));
    if (typeof text !== "string") yield text;
    else if (isVisible(text)) yield { kind: "usable", value: { line, text } };
  }
}

import { decode, type Located } from "./bytes.js";
import { type DataRecord, type Header, orBadRecord } from "./records.js";
import { isBlank, toHeader, toRow } from "./table.js";

/** Records of a tab-separated file, in which a `"` is an ordinary character: a line is a row. */
export async function* readTsv(
  filePath: string,
  lines: AsyncIterable<Located>,
): AsyncGenerator<DataRecord> {
  let header: Header | undefined;
  for await (const { line, bytes } of lines) {
    if (isBlank(bytes)) continue;
    const cells = orBadRecord(line, () => decode(bytes).split("\t"));
    if (header === undefined) yield (header = toHeader(filePath, line, cells));
    else yield Array.isArray(cells) ? toRow(header, line, cells) : cells;
  }
}

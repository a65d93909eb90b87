import type { ColumnMapping } from "./columns.js";
import type { Example } from "./example.js";
import { type FieldTable, resolveColumns } from "./resolve-columns.js";
import type { RowReader } from "./read-rows.js";
import { sentence } from "./row.js";

const fields = {
  anchor: { names: ["anchor", "query", "sentence1"], presence: "required" },
  positive: { names: ["positive", "pos", "sentence2"], presence: "required" },
  negative: { names: ["negative", "neg", "sentence3"], presence: "required" },
} satisfies FieldTable;

/** Reads an anchor, a sentence close to it and one that is not. @param label of the first two */
export function tripletReader(
  filePath: string,
  mapping: ColumnMapping,
  label: number,
): RowReader<Example> {
  return (header) => {
    const columns = resolveColumns(filePath, header, mapping, fields);
    const inOrder = [columns.anchor!, columns.positive!, columns.negative!];
    return (row) => ({
      texts: inOrder.map((column) => sentence(row, column)),
      label,
      line: row.line,
    });
  };
}

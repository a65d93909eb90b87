import type { ColumnMapping } from "./columns.js";
import type { Header } from "./records.js";
import { type FieldTable, resolveColumns } from "./resolve-columns.js";

/** Whether a row must have a label, may have one, or its label is not looked at. */
export type LabelMode = "required" | "optional" | "ignored";

/** The columns to read: the sentences always, the others where the file has them. */
export type PairColumns = {
  id?: string;
  sentence1: string;
  sentence2: string;
  label?: string;
  source?: string;
};

const fields = {
  id: { names: ["id"], presence: "if mapped" },
  sentence1: { names: ["sentence1", "sentence_1"], presence: "required" },
  sentence2: { names: ["sentence2", "sentence_2"], presence: "required" },
} satisfies FieldTable;

const source = { source: { names: ["source"], presence: "if mapped" } } satisfies FieldTable;

const labelNames = ["label", "score"];

/**
 * The columns of a file of pairs. Where labels are optional, so is a label column that is mapped:
 * one mapping then serves files with labels and without.
 * @throws StsError `INVALID_DATA` that lists the file's columns
 */
export function pairColumns(
  filePath: string,
  header: Header,
  mapping: ColumnMapping,
  labels: LabelMode,
): PairColumns {
  const label: FieldTable =
    labels === "ignored" ? {} : { label: { names: labelNames, presence: labels } };
  const table: FieldTable = { ...fields, ...label, ...source };
  const found = resolveColumns(filePath, header, mapping, table);
  return { ...found, sentence1: found.sentence1!, sentence2: found.sentence2! };
}

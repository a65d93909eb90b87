import { describe, StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import { columnFields, type ColumnField, type ColumnMapping } from "./columns.js";
import type { Header } from "./records.js";

/** The names that are looked for, in this order, where a field is not mapped. */
const usualNames: Readonly<Record<ColumnField, readonly string[]>> = {
  id: ["id"],
  sentence1: ["sentence1", "sentence_1"],
  sentence2: ["sentence2", "sentence_2"],
  label: ["label", "score"],
  source: ["source"],
};

/** Whether a row must have a label, may have one, or its label is not looked at. */
export type LabelMode = "required" | "optional" | "ignored";

/** The columns to read: the sentences always, the others where the file has them. */
export type Columns = ColumnMapping & { sentence1: string; sentence2: string };

/**
 * Finds the fields in a file's header. A mapped column has to be there, but for the label where
 * labels are optional: one mapping then serves files with labels and without.
 * @throws StsError `INVALID_DATA` that lists the file's columns
 */
export function resolveColumns(
  filePath: string,
  header: Header,
  mapping: ColumnMapping,
  labels: LabelMode,
): Columns {
  const required = {
    id: mapping.id !== undefined,
    sentence1: true,
    sentence2: true,
    label: labels === "required",
    source: mapping.source !== undefined,
  };
  const found: ColumnMapping = {};
  const missing: ColumnField[] = [];
  for (const field of columnFields) {
    if (field === "label" && labels === "ignored") continue;
    const column = candidates(field, mapping).find((name) => header.has(name));
    if (column !== undefined) found[field] = column;
    else if (required[field]) missing.push(field);
  }
  const { sentence1, sentence2 } = found;
  if (missing.length > 0 || sentence1 === undefined || sentence2 === undefined) {
    throw missingColumns(filePath, header, mapping, missing);
  }
  rejectRepeated(filePath, header, Object.values(found));
  return { ...found, sentence1, sentence2 };
}

function candidates(field: ColumnField, mapping: ColumnMapping): readonly string[] {
  const mapped = mapping[field];
  return mapped === undefined ? usualNames[field] : [mapped];
}

function missingColumns(
  filePath: string,
  header: Header,
  mapping: ColumnMapping,
  missing: readonly ColumnField[],
): StsError {
  const wanted = missing.map((field) => {
    const names = candidates(field, mapping);
    const hint = mapping[field] === undefined ? "" : suggestion(names[0]!, header.names);
    return `There is no column ${names.map(describe).join(" or ")} for ${field}.${hint} `;
  });
  const example = missing.map((field) => `${field}=COLUMN`).join(",");
  return new StsError(
    "INVALID_DATA",
    `${filePath}:${header.line}: ${wanted.join("")}` +
      `The file has ${listed(header.names)}. Say which to read with --columns ${example}`,
  );
}

/** A file that is not what it seems may have a great many columns. */
const mostListed = 20;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).map(describe).join(", ");
  return names.length > mostListed ? `${shown} and ${names.length - mostListed} more` : shown;
}

function rejectRepeated(filePath: string, header: Header, columns: readonly string[]): void {
  const repeated = columns.find(
    (column) => header.names.indexOf(column) !== header.names.lastIndexOf(column),
  );
  if (repeated === undefined) return;
  throw new StsError(
    "INVALID_DATA",
    `${filePath}:${header.line}: the column ${describe(repeated)} is there more than once; ` +
      "rename one of them.",
  );
}

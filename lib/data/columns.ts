import { describe, StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import type { Header } from "./records.js";

export const columnFields = ["id", "sentence1", "sentence2", "label", "source"] as const;

/** What a column can be read as. */
export type ColumnField = (typeof columnFields)[number];

/** The file's own names of the fields. In JSON a dot leads into an object: `labels.label`. */
export type ColumnMapping = Partial<Record<ColumnField, string>>;

/** The names that are looked for, in this order, where a field is not mapped. */
const usualNames: Readonly<Record<ColumnField, readonly string[]>> = {
  id: ["id"],
  sentence1: ["sentence1", "sentence_1"],
  sentence2: ["sentence2", "sentence_2"],
  label: ["label", "score"],
  source: ["source"],
};

/** The columns to read: the sentences always, the others where the file has them. */
export type Columns = ColumnMapping & { sentence1: string; sentence2: string };

/**
 * Reads a mapping as the command line writes it: `sentence1=sentence_1,label=score`.
 * @throws StsError `INVALID_ARGUMENT` for an unknown or repeated field, or a missing name
 */
export function parseColumns(text: string): ColumnMapping {
  const mapping: ColumnMapping = {};
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals === -1 ? undefined : equals).trim();
    const column = equals === -1 ? "" : part.slice(equals + 1).trim();
    const field = columnFields.find((known) => known === name);
    if (column === "") throw columnsError(`expected field=column, got ${describe(part)}.`);
    if (field === undefined) {
      const known = columnFields.join(", ");
      throw columnsError(
        `unknown field ${describe(name)}; known are ${known}.${suggestion(name, columnFields)}`,
      );
    }
    if (mapping[field] !== undefined) throw columnsError(`${field} is given twice.`);
    mapping[field] = column;
  }
  return mapping;
}

function columnsError(what: string): StsError {
  return new StsError(
    "INVALID_ARGUMENT",
    `--columns: ${what} An example: --columns sentence1=sentence_1,label=score`,
  );
}

/**
 * Finds the fields in a file's header. A mapped column has to be there, but for the label where
 * labels are optional: the same mapping then serves a file without labels.
 * @throws StsError `INVALID_DATA` that lists the file's columns
 */
export function resolveColumns(
  filePath: string,
  header: Header,
  mapping: ColumnMapping,
  labels: "required" | "optional",
): Columns {
  const found: ColumnMapping = {};
  const missing: string[] = [];
  for (const field of columnFields) {
    const wanted = mapping[field] === undefined ? usualNames[field] : [mapping[field]];
    const column = wanted.find((name) => header.has(name));
    const required =
      field === "label"
        ? labels === "required"
        : field.startsWith("sentence") || mapping[field] !== undefined;
    if (column !== undefined) found[field] = column;
    else if (required) missing.push(missingColumn(field, wanted, header));
  }
  const { sentence1, sentence2 } = found;
  if (missing.length > 0 || sentence1 === undefined || sentence2 === undefined) {
    throw unusable(filePath, header, missing);
  }
  rejectRepeated(filePath, header, Object.values(found));
  return { ...found, sentence1, sentence2 };
}

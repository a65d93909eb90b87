import { describe, StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";

/** The fields of pairs, then those of triplets. */
export const columnFields = [
  "id",
  "sentence1",
  "sentence2",
  "label",
  "source",
  "anchor",
  "positive",
  "negative",
] as const;

/** What a column can be read as. */
export type ColumnField = (typeof columnFields)[number];

/** The file's own names of the fields. In JSON a dot leads into an object: `labels.label`. */
export type ColumnMapping = Partial<Record<ColumnField, string>>;

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

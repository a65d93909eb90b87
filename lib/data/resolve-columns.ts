import { describe, StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import type { ColumnField, ColumnMapping } from "./columns.js";
import type { Header } from "./records.js";

/** A field that a kind of file has. */
export type Field = {
  /** The names that are looked for, in this order, where the field is not mapped. */
  names: readonly string[];
  /** Whether the file must have a column for it: always, only if it is mapped, or not at all. */
  presence: "required" | "if mapped" | "optional";
};

/** The fields that are looked for, in this order. */
export type FieldTable = Readonly<Partial<Record<ColumnField, Field>>>;

/**
 * Finds fields in a file's header. Those of the mapping that the table does not have are not looked
 * at, so that one mapping serves files of several kinds.
 * @returns the column of each field that was found: of the required ones, all
 * @throws StsError `INVALID_DATA` that lists the file's columns
 */
export function resolveColumns(
  filePath: string,
  header: Header,
  mapping: ColumnMapping,
  fields: FieldTable,
): ColumnMapping {
  const found: ColumnMapping = {};
  const missing: [ColumnField, Field][] = [];
  for (const [name, field] of Object.entries(fields) as [ColumnField, Field][]) {
    const mapped = mapping[name];
    const column = candidates(mapped, field).find((candidate) => header.has(candidate));
    const isNeeded =
      mapped === undefined ? field.presence === "required" : field.presence !== "optional";
    if (column !== undefined) found[name] = column;
    else if (isNeeded) missing.push([name, field]);
  }
  if (missing.length > 0) throw missingColumns(filePath, header, mapping, missing);
  rejectRepeated(filePath, header, Object.values(found));
  return found;
}

function candidates(mapped: string | undefined, field: Field): readonly string[] {
  return mapped === undefined ? field.names : [mapped];
}

function missingColumns(
  filePath: string,
  header: Header,
  mapping: ColumnMapping,
  missing: readonly [ColumnField, Field][],
): StsError {
  const wanted = missing.map(([name, field]) => {
    const mapped = mapping[name];
    const looked = candidates(mapped, field).map(describe).join(" or ");
    const hint = mapped === undefined ? "" : suggestion(mapped, header.names);
    return `There is no column ${looked} for ${name}.${hint} `;
  });
  const example = missing.map(([name]) => `${name}=COLUMN`).join(",");
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

/** What every reader yields, whatever the file's format: one header, then rows in file order. */
export type DataRecord = Header | Row | BadRecord;

/** The columns that the file has: those of the header line, or of the first JSON object. */
export type Header = {
  kind: "header";
  line: number;
  names: readonly string[];
  has: (column: string) => boolean;
};

/** A row that could be parsed; `value` is undefined for a column that the row does not have. */
export type Row = {
  kind: "row";
  line: number;
  value: (column: string) => unknown;
  /** The whole object that a row of JSON is. */
  object?: JsonObject;
};

/** `JSON.parse` makes own properties only, so that no name reaches a prototype. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A row that could not be parsed. */
export type BadRecord = { kind: "bad"; line: number; reason: string };

/** Why one row cannot be used. Caught per row; it never leaves this folder. */
export class RowError extends Error {}

/** The outcome of `work`, or the reason of the {@link RowError} that it threw as a bad record. */
export function orBadRecord<T>(line: number, work: () => T): T | BadRecord {
  try {
    return work();
  } catch (error) {
    if (error instanceof RowError) return { kind: "bad", line, reason: error.message };
    throw error;
  }
}

import { buffer } from "node:stream/consumers";
import { decode, type Located } from "./bytes.js";
import { splitArray } from "./json-array.js";
import {
  type BadRecord,
  type DataRecord,
  type JsonObject,
  orBadRecord,
  type Row,
  RowError,
} from "./records.js";

/**
 * Records of a JSON file, which is an array of objects. The file is held in memory whole; its
 * elements are parsed one by one, so that a bad one does not spoil the others.
 */
export async function* readJson(
  filePath: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<DataRecord> {
  yield* toRecords(splitArray(filePath, await buffer(chunks)));
}

/** Records of a JSON Lines file: one object a line. */
export function readJsonLines(lines: AsyncIterable<Located>): AsyncGenerator<DataRecord> {
  return toRecords(lines);
}

/** The columns are those of the first object; a dot in a name leads into an object. */
async function* toRecords(
  elements: AsyncIterable<Located> | Iterable<Located | BadRecord>,
): AsyncGenerator<DataRecord> {
  let headed = false;
  for await (const element of elements) {
    if ("kind" in element) {
      yield element;
      continue;
    }
    const { line, bytes } = element;
    const row = orBadRecord(line, () => toRow(line, decode(bytes)));
    if (row === undefined) continue;
    if (row.kind === "row" && !headed) {
      const { value } = row;
      const names = columnNames(row.object);
      yield { kind: "header", line, names, has: (column) => value(column) !== undefined };
      headed = true;
    }
    yield row;
  }
}

/** The row that `text` holds, or undefined where there is nothing but white space. */
function toRow(line: number, text: string): (Row & { object: JsonObject }) | undefined {
  if (text.trim() === "") return undefined;
  const object = parseObject(text);
  return { kind: "row", line, object, value: (column) => lookUp(object, column) };
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RowError(`invalid JSON: ${parserMessage(error as SyntaxError)}`);
  }
  if (isObject(value)) return value;
  const type = value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
  throw new RowError(`expected a JSON object, got ${type}`);
}

/** On one line, and without the position, which counts from the start of the row. */
function parserMessage(error: SyntaxError): string {
  return error.message.replace(/ (in JSON )?at position .*$/s, "").replace(/\s+/g, " ");
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a key, or at a path such as `labels.label` where no key has that very name. */
function lookUp(object: JsonObject, column: string): unknown {
  if (Object.hasOwn(object, column)) return object[column];
  let value: unknown = object;
  for (const key of column.split(".")) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The object with other values in the places where a column's value is looked up. */
export function replaceValues(
  object: JsonObject,
  changes: Readonly<Record<string, unknown>>,
): JsonObject {
  return Object.entries(changes).reduce(
    (changed, [column, value]) => replaceValue(changed, column, value),
    object,
  );
}

function replaceValue(object: JsonObject, column: string, value: unknown): JsonObject {
  const dot = column.indexOf(".");
  const inner = dot < 0 ? undefined : object[column.slice(0, dot)];
  if (Object.hasOwn(object, column) || !isObject(inner)) return { ...object, [column]: value };
  return { ...object, [column.slice(0, dot)]: replaceValue(inner, column.slice(dot + 1), value) };
}

/** The names of the values and, by their path, of those one level deeper. */
export function columnNames(object: JsonObject): string[] {
  const names = Object.entries(object).flatMap(([key, value]) =>
    isObject(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
  );
  return [...new Set(names)];
}

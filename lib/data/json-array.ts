import { StsError } from "../foundation/errors.js";
import type { Located } from "./bytes.js";
import type { BadRecord } from "./records.js";

/**
 * The elements of a JSON array as they stand in the file, each with its line. Only brackets,
 * strings and commas are understood here; whether an element is JSON shows when it is parsed.
 * @throws StsError `INVALID_DATA` when the file does not hold an array
 */
export function* splitArray(filePath: string, bytes: Buffer): Generator<Located | BadRecord> {
  const cursor = new Cursor(bytes);
  cursor.skipWhiteSpace();
  if (cursor.isAtEnd()) return;
  if (!cursor.take(byte.openBracket)) throw notAnArray(filePath, cursor.line);
  cursor.skipWhiteSpace();
  if (!cursor.take(byte.closeBracket)) {
    yield* splitElements(cursor, bytes);
    if (!cursor.take(byte.closeBracket)) {
      const expected = cursor.isAtEnd() ? "the array is not closed" : 'expected "," or "]"';
      yield cursor.problem(`invalid JSON: ${expected}`);
      return;
    }
  }
  cursor.skipWhiteSpace();
  if (!cursor.isAtEnd()) yield cursor.problem("invalid JSON: text after the end of the array");
}

function* splitElements(cursor: Cursor, bytes: Buffer): Generator<Located | BadRecord> {
  do {
    cursor.skipWhiteSpace();
    const { line, position } = cursor;
    cursor.skipElement();
    const element = bytes.subarray(position, cursor.position);
    if (element.length > 0) yield { line, bytes: element };
    else yield cursor.problem("invalid JSON: a value is missing");
  } while (cursor.take(byte.comma));
}

function notAnArray(filePath: string, line: number): StsError {
  return new StsError(
    "INVALID_DATA",
    `${filePath}:${line}: expected a JSON array of objects, [{…}, {…}]; ` +
      "a file with one object a line is read with --format jsonl.",
  );
}

const byte = {
  newline: 0x0a,
  quote: 0x22,
  comma: 0x2c,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
};

/** Space, tab, line feed, carriage return. */
const whiteSpace = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** A place in JSON text. It looks at bytes: none of a longer UTF-8 character's is ASCII. */
class Cursor {
  position = 0;
  line = 1;

  constructor(private readonly bytes: Buffer) {}

  isAtEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  /** Steps over `expected` if it is next. */
  take(expected: number): boolean {
    if (this.bytes[this.position] !== expected) return false;
    this.#step();
    return true;
  }

  skipWhiteSpace(): void {
    while (!this.isAtEnd() && whiteSpace.has(this.bytes[this.position]!)) this.#step();
  }

  /** Steps to the comma or bracket that ends an element, or to the end. */
  skipElement(): void {
    for (let depth = 0; !this.isAtEnd(); this.#step()) {
      const next = this.bytes[this.position];
      if (next === byte.quote) this.#skipString();
      else if (next === byte.openBracket || next === byte.openBrace) depth++;
      else if (next === byte.closeBracket || next === byte.closeBrace) {
        if (depth-- === 0) return;
      } else if (next === byte.comma && depth === 0) return;
    }
  }

  problem(reason: string): BadRecord {
    return { kind: "bad", line: this.line, reason };
  }

  /** Steps to the quote that closes the string, or to the end of a line, which no string holds. */
  #skipString(): void {
    this.#step();
    while (!this.isAtEnd()) {
      const next = this.bytes[this.position];
      if (next === byte.quote || next === byte.newline) return;
      if (next === byte.backslash) this.#step();
      this.#step();
    }
  }

  #step(): void {
    if (this.bytes[this.position++] === byte.newline) this.line++;
  }
}

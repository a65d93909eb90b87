import { StsError } from "../foundation/errors.js";

/** A row that cannot be used, and why. `line` is 1-based in the (decompressed) file. */
export type BadRow = { path: string; line: number; reason: string };

/** As many are spelt out in an error. */
const mostListed = 10;

/** The first bad rows of a file, and how many there are. */
export class BadRows {
  count = 0;
  readonly #first: BadRow[] = [];

  add(row: BadRow): void {
    this.count++;
    if (this.#first.length < mostListed) this.#first.push(row);
  }

  /** The error that lists them; `advice` is its last sentence. */
  toError(filePath: string, rows: number, advice: string): StsError {
    const lines = this.#first.map(({ path, line, reason }) => `  ${path}:${line}: ${reason}`);
    if (this.count > lines.length) lines.push(`  and ${this.count - lines.length} more`);
    const summary = `${filePath}: ${this.count} of ${rows} rows cannot be used:`;
    return new StsError("INVALID_DATA", [summary, ...lines, advice].join("\n"));
  }
}

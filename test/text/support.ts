import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { StsError } from "../../lib/foundation/errors.js";
import { Tokenizer } from "../../lib/text/tokenizer.js";
import type { Encoding } from "../../lib/text/tokenizer.js";

/** A row of `expected.json`, from Python. */
export interface ExpectedRow {
  first: string;
  second: string | null;
  maxLength: number;
  side: "left" | "right";
  ids: number[];
  typeIds: number[];
  truncated: boolean;
}

export const fixtures = path.join(process.cwd(), "test/fixtures/tokenizers");
export const shared = path.join(process.cwd(), "../shared");

/** `it` where the folder with data for development is there; otherwise it skips, and says so. */
export const itWithShared = existsSync(shared) ? it : it.skip;
if (!existsSync(shared)) console.warn(`${shared} is missing: tests on its data are skipped.`);

export const readFixture = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(fixtures, name), "utf8"));

const directories: string[] = [];
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true })));

/** A directory with these files; what is not text is written as JSON. It goes when the tests end. */
export function directoryWith(files: Record<string, unknown> = {}): string {
  const directory = mkdtempSync(path.join(tmpdir(), "sts-tokenizer-"));
  directories.push(directory);
  for (const [name, content] of Object.entries(files)) {
    const isRaw = typeof content === "string" || Buffer.isBuffer(content);
    writeFileSync(path.join(directory, name), isRaw ? content : JSON.stringify(content));
  }
  return directory;
}

export const loadWith = (files: Record<string, unknown>): Promise<Tokenizer> =>
  Tokenizer.load(directoryWith(files));

export const encodeRow = (tokenizer: Tokenizer, row: ExpectedRow): Encoding =>
  row.second === null
    ? tokenizer.encode(row.first, row.maxLength)
    : tokenizer.encodePair(row.first, row.second, row.maxLength);

/** The row with what the tokenizer makes of it in the place of what is expected. */
export function recomputed(tokenizer: Tokenizer, row: ExpectedRow): ExpectedRow {
  const { ids, typeIds, truncated } = encodeRow(tokenizer, row);
  return { ...row, ids: [...ids], typeIds: [...typeIds], truncated };
}

/** The error that a call ends with. */
export async function failureOf(call: () => unknown): Promise<StsError> {
  try {
    await call();
  } catch (error) {
    if (error instanceof StsError) return error;
    throw error;
  }
  throw new Error("The call did not fail.");
}

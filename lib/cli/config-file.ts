import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import { StsError, describe } from "../foundation/errors.js";
import type { Given } from "./flags.js";

/**
 * The settings of a YAML file, not checked yet. Paths in it are relative to the working directory.
 * @throws StsError `NOT_FOUND`; `INVALID_ARGUMENT` with the line for a file that is not YAML, or
 *   has a key twice
 */
export async function readConfigFile(file: string): Promise<Given> {
  const lines = new LineCounter();
  const document = parseDocument(await readText(file), { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new StsError("INVALID_ARGUMENT", `${file}:${line}:${col}: ${problem.message}.`, {
      cause: problem,
    });
  }
  return toSettings(file, () => document.toJS() as unknown);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const problem = missing ? "no such file; check the path" : "the file cannot be read";
    throw new StsError("NOT_FOUND", `${file}: ${problem}.`, { cause });
  }
}

function toSettings(file: string, toJs: () => unknown): Given {
  let value: unknown;
  try {
    value = toJs();
  } catch (cause) {
    // The parser refuses aliases that multiply.
    const { message } = cause as Error;
    throw new StsError("INVALID_ARGUMENT", `${file}: ${message}.`, { cause });
  }
  if (value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Given;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${file}: expected settings such as "epochs: 3", one a line, got ${describe(value)}.`,
  );
}

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { StsError, describe } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import type { Given } from "./flags.js";

/**
 * The settings of a YAML file; their values are not checked yet. Paths in it are relative to the
 * working directory.
 * @param known the names of the settings
 * @throws StsError `NOT_FOUND`; `INVALID_ARGUMENT` with the line for a file that is not YAML, has a
 *   setting twice, or one that is not known
 */
export async function readConfigFile(file: string, known: readonly string[]): Promise<Given> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  return parseSettings(file, text, known);
}

/** The same, for flags that stand for what a file holds. */
export function readConfigFileSync(file: string, known: readonly string[]): Given {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw unreadable(file, cause);
  }
  return parseSettings(file, text, known);
}

function parseSettings(file: string, text: string, known: readonly string[]): Given {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const [problem] = document.errors;
  if (problem) throw invalid(`${at(problem.pos[0])}: ${problem.message}.`, problem);

  const { contents } = document;
  if (contents === null) return {};
  if (!isMap(contents)) {
    const got = describe(document.toJS());
    throw invalid(`${file}: expected settings such as "epochs: 3", one a line, got ${got}.`);
  }
  for (const { key } of contents.items) {
    if (isScalar(key) && known.includes(String(key.value))) continue;
    const name = String(key);
    const offset = isScalar(key) ? key.range[0] : 0;
    throw invalid(`${at(offset)}: there is no setting "${name}".${suggestion(name, known)}`);
  }
  return toSettings(file, () => document.toJS() as Given);
}

function unreadable(file: string, cause: unknown): StsError {
  const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
  const problem = missing ? "no such file; check the path" : "the file cannot be read";
  return new StsError("NOT_FOUND", `${file}: ${problem}.`, { cause });
}

/** The parser refuses aliases that multiply. */
function toSettings(file: string, toJs: () => Given): Given {
  try {
    return toJs();
  } catch (cause) {
    throw invalid(`${file}: ${(cause as Error).message}.`, cause);
  }
}

function invalid(message: string, cause?: unknown): StsError {
  return new StsError("INVALID_ARGUMENT", message, { cause });
}

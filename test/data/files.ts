import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A directory of its own for the tests of a file, removed after them. */
export function temporaryDirectory() {
  const directory = mkdtempSync(path.join(tmpdir(), "sts-data-"));
  let made = 0;
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return {
    directory,
    /** Writes a file of that name in a directory of its own and returns its path. */
    file: (name: string, contents: string | Uint8Array): string => {
      const filePath = path.join(directory, String(made++), name);
      mkdirSync(path.dirname(filePath));
      writeFileSync(filePath, contents);
      return filePath;
    },
  };
}

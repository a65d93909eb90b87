import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * A hash over the contents and names of files.
 * @param {string} root what the paths are relative to
 * @param {readonly string[]} paths files and directories (all that is in them); missing ones count
 *   as empty
 */
export async function hashOf(root, paths) {
  const hash = createHash("sha256");
  for (const file of (await Promise.all(paths.map((each) => filesUnder(root, each)))).flat()) {
    hash
      .update(`${file}\0`)
      .update(await readFile(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** @returns {Promise<string[]>} relative to `root`, sorted */
async function filesUnder(/** @type {string} */ root, /** @type {string} */ start) {
  const absolute = path.join(root, start);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [start];
  const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** What a finished step wrote down, or null when there is nothing that can be read. */
export async function readStamp(/** @type {string} */ file) {
  try {
    return /** @type {unknown} */ (JSON.parse(await readFile(file, "utf8")));
  } catch {
    return null;
  }
}

/** Notes what a step was finished with, for the next run to compare. */
export async function writeStamp(/** @type {string} */ file, /** @type {unknown} */ inputs) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(inputs, null, 2)}\n`);
}

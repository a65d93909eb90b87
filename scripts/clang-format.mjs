// Runs clang-format with the flags given over all C++ of the addon.
import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { clangFormatPath } = createRequire(import.meta.url)("clang-format-node");
const clangFormat = executable(clangFormatPath);

const sources = readdirSync(path.join(root, "native"), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(h|cc)$/.test(file))
  .map((file) => path.join("native", file))
  .sort();

const { status, error } = spawnSync(clangFormat, [...process.argv.slice(2), ...sources], {
  cwd: root,
  stdio: "inherit",
});
if (error) throw error;
process.exitCode = status ?? 1;

/** npm leaves the program without its permission where it is told to run no install scripts. */
function executable(/** @type {string} */ file) {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
  return file;
}

// Sets up, runs jest with the arguments given, and ends with one line of counts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { SetupProblem, setUp } from "./bootstrap/index.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(path.join(os.tmpdir(), "sts-native-test-"));
const countsFile = path.join(scratch, "counts.json");

try {
  await setUp();
  const status = runJest(process.argv.slice(2));
  process.exitCode = finish(status, readCounts());
} catch (error) {
  const known = error instanceof SetupProblem;
  console.error(known ? `\n${error.message}` : error);
  process.exitCode = finish(known ? error.exitCode : 1, { passed: 0, failed: 1 });
} finally {
  rmSync(scratch, { recursive: true });
}

/** @returns the exit code */
function runJest(/** @type {string[]} */ args) {
  const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
  const reporters = ["default", path.join(root, "scripts/count-reporter.mjs")];
  const { status } = spawnSync(
    process.execPath,
    // The option takes all words up to the next option, so it comes last.
    [jest, ...args, ...reporters.map((reporter) => `--reporters=${reporter}`)],
    { cwd: root, stdio: "inherit", env: environment() },
  );
  return status ?? 1;
}

/**
 * Jest runs several test files at once. Teams of OpenMP threads that wait for each other on shared
 * cores take many times as long as one thread each.
 */
function environment() {
  return { OMP_NUM_THREADS: "1", ...process.env, STS_TEST_COUNTS: countsFile };
}

/** What the reporter wrote. Without it jest has not come to its end, which is one failure. */
function readCounts() {
  try {
    return JSON.parse(readFileSync(countsFile, "utf8"));
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/**
 * Prints the counts as the last line.
 * @returns the exit code: that no test ran is a failure too
 */
function finish(
  /** @type {number} */ status,
  /** @type {{ passed: number, failed: number }} */ { passed, failed },
) {
  console.log(`${passed} passed, ${failed} failed`);
  return status === 0 && (failed > 0 || passed === 0) ? 1 : status;
}

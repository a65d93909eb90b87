import { spawn } from "node:child_process";

/**
 * How a program ended. `code` is null when it could not be started or a signal ended it.
 * @typedef {{ code: number | null, stdout: string, stderr: string }} Outcome
 */

/**
 * Runs a program to its end and collects what it wrote. Never rejects.
 * @param {readonly string[]} command the program and its arguments
 * @param {{
 *   cwd?: string,
 *   env?: NodeJS.ProcessEnv,
 *   input?: string,
 *   timeout?: number,
 *   show?: boolean,
 * }} [options] `timeout` in milliseconds; `show` also passes all output on to our stderr
 * @returns {Promise<Outcome>}
 */
export function run([program = "", ...args], options = {}) {
  const { cwd, env = process.env, input = "", timeout = 0, show = false } = options;
  return new Promise((resolve) => {
    // Programs draw progress bars on stdout, and only when it is a terminal: ours is stderr.
    const child = spawn(program, args, {
      cwd,
      env,
      timeout,
      stdio: ["pipe", show ? 2 : "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk) => (stdout += chunk));
    child.stderr?.setEncoding("utf8").on("data", (chunk) => {
      stderr += chunk;
      if (show) process.stderr.write(chunk);
    });
    child.on("error", (error) => resolve({ code: null, stdout, stderr: stderr + error.message }));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** The last lines of a program's output that are not empty. */
export function lastLines(/** @type {string} */ text, /** @type {number} */ count) {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-count);
}

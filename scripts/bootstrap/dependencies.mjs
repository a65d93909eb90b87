import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { SetupProblem } from "./problem.mjs";
import { run } from "./run.mjs";

/**
 * Installs the npm dependencies where they are not those of package-lock.json.
 * @param {import("./steps.mjs").Context} context
 * @returns {Promise<string | null>} null in an installed package, where npm has done it
 */
export async function installDependencies({ root, env, say }) {
  if (!existsSync(path.join(root, "package-lock.json"))) return null;
  if (await areInstalled(root)) return "up to date";
  say("installing the npm dependencies …");
  // What follows needs the compilers and test tools, whatever NODE_ENV says.
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const { code } = await run(["npm", "ci", "--include=dev", ...quiet], {
    cwd: root,
    env,
    show: true,
  });
  if (code !== 0) throw new SetupProblem("npm ci failed; what it said is above.");
  return "installed";
}

/**
 * Whether node_modules holds what the lock file names. npm notes what it has installed in
 * node_modules/.package-lock.json; packages for other machines may be missing.
 */
async function areInstalled(/** @type {string} */ root) {
  const [wanted, installed] = await Promise.all([
    packagesOf(path.join(root, "package-lock.json")),
    packagesOf(path.join(root, "node_modules/.package-lock.json")),
  ]);
  return Object.entries(wanted).every(([folder, { version, optional }]) => {
    if (folder === "") return true;
    const found = installed[folder];
    if (found === undefined) return optional === true;
    return found.version === version && existsSync(path.join(root, folder, "package.json"));
  });
}

/** @returns {Promise<Record<string, { version?: string, optional?: boolean }>>} by folder */
async function packagesOf(/** @type {string} */ lockFile) {
  if (!existsSync(lockFile)) return {};
  return JSON.parse(await readFile(lockFile, "utf8")).packages;
}

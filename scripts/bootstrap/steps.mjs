import path from "node:path";
import { fileURLToPath } from "node:url";

import { installDependencies } from "./dependencies.mjs";
import { installLibtorch } from "./install-libtorch.mjs";
import { findLibtorch } from "./libtorch.mjs";
import { buildAddon, isAddonBuilt } from "./native.mjs";
import { SetupProblem } from "./problem.mjs";
import { missingTools, probeTools } from "./tools.mjs";
import { buildTypeScript } from "./typescript.mjs";

/**
 * @typedef {object} Context
 * @property {string} root the package's directory
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} debug
 * @property {boolean} sanitize
 * @property {(line: string) => void} say tells whoever waits what is going on
 */

const packageRoot = fileURLToPath(new URL("../..", import.meta.url));
const oldestNode = [20, 19];

/** What `--only` can name. */
export const parts = /** @type {const} */ (["dependencies", "libtorch", "native", "typescript"]);

/**
 * Brings the package to where it runs: npm dependencies, libtorch, the addon, the TypeScript.
 * What is done already is skipped. One line per step goes to stderr.
 * @param {import("./index.d.mts").SetUpOptions} [options]
 * @throws {SetupProblem} saying what is missing and how to get it
 */
export async function setUp(options = {}) {
  const { only, debug = false, sanitize = false, root = packageRoot, env = process.env } = options;
  const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);
  const context = { root: path.resolve(root), env, debug, sanitize, say };
  const wanted = (/** @type {typeof parts[number]} */ part) => only === undefined || only === part;

  requireNode(process.versions.node);
  if (wanted("dependencies")) await step("dependencies", context, installDependencies);
  if (wanted("libtorch") || wanted("native")) await setUpNative(context, wanted("native"));
  if (wanted("typescript")) await step("TypeScript", context, buildTypeScript);
}

async function setUpNative(/** @type {Context} */ context, /** @type {boolean} */ withAddon) {
  const { found } = await findLibtorch(context.env);
  const building = withAddon && !(found && (await isAddonBuilt(context, found)));
  if (building || !found) {
    await step("tools", context, () => requireTools(context, { building, installing: !found }));
  }
  let libtorch = found;
  await step("libtorch", context, async () => {
    libtorch ??= await installLibtorch(context);
    return `${libtorch.version} in ${libtorch.root}`;
  });
  if (withAddon && libtorch) {
    const here = libtorch;
    await step("addon", context, () => buildAddon(context, here));
  }
}

/** Runs one step and tells what came of it and how long it took. */
async function step(
  /** @type {string} */ name,
  /** @type {Context} */ context,
  /** @type {(context: Context) => Promise<string | null>} */ body,
) {
  const start = performance.now();
  const result = await body(context);
  if (result === null) return;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  context.say(`${name.padEnd(12)}  ${result} (${seconds} s)`);
}

/** @returns {Promise<string>} */
async function requireTools(
  /** @type {Context} */ { env },
  /** @type {{ building: boolean, installing: boolean }} */ work,
) {
  const tools = await probeTools(env);
  const message = missingTools(tools, work);
  if (message !== null) throw new SetupProblem(message);
  const building = work.building
    ? [tools.compilerVersion, `CMake ${tools.cmake}`, tools.generator]
    : [];
  return [...building, ...(work.installing ? [`pip of Python ${tools.python}`] : [])].join(", ");
}

function requireNode(/** @type {string} */ version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new SetupProblem(`Node.js ${oldestNode.join(".")} or newer is needed; this is ${version}.`);
}

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { cacheDirectory, inspect, referenceVersion } from "./libtorch.mjs";
import { SetupProblem } from "./problem.mjs";
import { lastLines, run } from "./run.mjs";

/** @typedef {import("./steps.mjs").Context} Context */

const cpuIndex = "https://download.pytorch.org/whl/cpu";

/**
 * Installs libtorch into our cache with pip. The directory appears there complete or not at all,
 * whatever else installs at the same time.
 * @param {Pick<Context, "env" | "say">} context
 * @returns {Promise<import("./index.d.mts").Libtorch>}
 */
export async function installLibtorch({ env, say }) {
  const destination = cacheDirectory(env);
  const cache = path.dirname(destination);
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const target = path.join(cache, `${marker}@${os.hostname()}@${process.pid}@${Date.now()}`);
  await mkdir(target);
  try {
    say(
      `installing libtorch ${referenceVersion} into ${cache}: about 200 MB to download, ` +
        "800 MB on disk …",
    );
    await pipInstall(target, env, say);
    await moveInto(destination, target);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
  const { libtorch, why } = await inspect(path.join(destination, "torch"));
  if (libtorch === null) throw new SetupProblem(`pip has installed torch, but ${why}.`);
  return { ...libtorch, source: "cache" };
}

const marker = "installing";

/** What an installation that was killed has left behind: one of ours, or one a day old. */
async function removeAbandoned(/** @type {string} */ cache) {
  for (const name of await readdir(cache)) {
    const [first, host, pid, started] = name.split("@");
    if (first !== marker) continue;
    const dead = host === os.hostname() && !isRunning(Number(pid));
    const old = Date.now() - Number.parseInt(started ?? "") > 24 * 60 * 60 * 1000;
    if (dead || old) await rm(path.join(cache, name), { recursive: true, force: true });
  }
}

function isRunning(/** @type {number} */ pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/** Puts a finished installation in its place, unless another one has been quicker. */
async function moveInto(/** @type {string} */ destination, /** @type {string} */ target) {
  if ((await inspect(path.join(destination, "torch"))).libtorch) return;
  const damaged = `${target}-damaged`;
  if (existsSync(destination)) await rename(destination, damaged);
  try {
    await rename(target, destination);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
  await rm(damaged, { recursive: true, force: true });
}

async function pipInstall(
  /** @type {string} */ target,
  /** @type {NodeJS.ProcessEnv} */ env,
  /** @type {Context["say"]} */ say,
) {
  // Elsewhere the ordinary builds are for the CPU (and Apple's GPU) anyway.
  const index =
    process.platform === "linux" && (await isReachable(cpuIndex, env)) ? cpuIndex : null;
  await pip(target, ["--no-deps", `torch==${referenceVersion}`], index, env);

  const { libtorch } = await inspect(path.join(target, "torch"));
  if (libtorch?.cuda && !(await loads(path.join(libtorch.root, "lib/libtorch_cuda.so"), env))) {
    say(`this libtorch is built for CUDA ${libtorch.cuda}: installing CUDA's libraries …`);
    await pip(target, await cudaRequirements(target), index, env);
  }
}

async function pip(
  /** @type {string} */ target,
  /** @type {string[]} */ packages,
  /** @type {string | null} */ index,
  /** @type {NodeJS.ProcessEnv} */ env,
) {
  const command = ["python3", "-m", "pip", "install", "--no-compile", "--target", target];
  const { code, stderr } = await run(
    [...command, ...(index ? ["--index-url", index] : []), ...packages],
    {
      env: { ...env, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_ROOT_USER_ACTION: "ignore" },
      show: true,
    },
  );
  if (code === 0) return;
  throw new SetupProblem(
    [
      "libtorch could not be installed with pip:",
      ...lastLines(stderr, 5).map((line) => `  ${line}`),
      "Three ways out:",
      "  - let LIBTORCH name a libtorch that is already on this machine (it holds lib/ and include/);",
      "  - install torch 2.6 or newer yourself, for the python3 that is found first;",
      `  - see that pip reaches ${index ?? "a package index (python3 -m pip config list)"} and has torch ${referenceVersion} for this Python and this machine.`,
    ].join("\n"),
  );
}

/** Asked through Python, which heeds the proxy settings that pip will heed. */
async function isReachable(/** @type {string} */ index, /** @type {NodeJS.ProcessEnv} */ env) {
  const program =
    "import sys, urllib.request as u; u.urlopen(u.Request(sys.argv[1], method='HEAD'), timeout=3)";
  const { code } = await run(["python3", "-c", program, `${index}/torch/`], { env, timeout: 3000 });
  return code === 0;
}

async function loads(/** @type {string} */ library, /** @type {NodeJS.ProcessEnv} */ env) {
  const program = "import ctypes, sys; ctypes.CDLL(sys.argv[1])";
  return (await run(["python3", "-c", program, library], { env })).code === 0;
}

/** Those dependencies of the installed torch that are CUDA's own; the others are Python's. */
async function cudaRequirements(/** @type {string} */ target) {
  const info = (await readdir(target)).find((name) => /^torch-.*\.dist-info$/.test(name)) ?? "";
  const metadata = await readFile(path.join(target, info, "METADATA"), "utf8");
  return [...metadata.matchAll(/^Requires-Dist: ((?:nvidia|cuda)-.*)$/gm)].map(
    ([, requirement = ""]) => requirement,
  );
}

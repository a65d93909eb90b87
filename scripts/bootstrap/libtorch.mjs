import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { SetupProblem } from "./problem.mjs";
import { run } from "./run.mjs";

/**
 * @typedef {import("./index.d.mts").Libtorch} Libtorch
 * @typedef {import("./index.d.mts").LibtorchSearch} LibtorchSearch
 */

/** What is installed when nothing is found. */
export const referenceVersion = "2.13.0";

const oldestVersion = [2, 6];

/**
 * Where our own libtorch is or will be: the directory that pip installs into.
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheDirectory(env) {
  const userCache = env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  const ours = env.STS_NATIVE_CACHE || path.join(userCache, "sts-native");
  return path.resolve(ours, `libtorch-${referenceVersion}`);
}

/**
 * Looks for libtorch: what `LIBTORCH` names, then the torch of `python3`, then our cache.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<LibtorchSearch>}
 * @throws {SetupProblem} when `LIBTORCH` names something else
 */
export async function findLibtorch(env = process.env) {
  if (env.LIBTORCH) {
    const root = path.resolve(env.LIBTORCH);
    const { libtorch, why } = await inspect(root);
    if (libtorch) return { found: { ...libtorch, source: "LIBTORCH" }, tried: [] };
    throw new SetupProblem(
      `LIBTORCH names ${root}, but ${why}.\n` +
        "Let it name the directory that holds libtorch's lib/ and include/, or unset it.",
    );
  }
  const tried = [{ where: "LIBTORCH", why: "it is not set" }];

  const pythons = await torchOfPython(env);
  const ofPython = pythons.root ? await inspect(pythons.root) : pythons;
  if (ofPython.libtorch) return { found: { ...ofPython.libtorch, source: "python" }, tried };
  tried.push({ where: "python3's torch", why: ofPython.why });

  const cache = path.join(cacheDirectory(env), "torch");
  const cached = await inspect(cache);
  if (cached.libtorch) return { found: { ...cached.libtorch, source: "cache" }, tried };
  tried.push({ where: "the cache", why: cached.why });
  return { found: null, tried };
}

/**
 * What libtorch a directory holds, or why it holds none that can be used.
 * @param {string} root
 * @returns {Promise<{ libtorch: Omit<Libtorch, "source"> | null, why: string }>}
 */
export async function inspect(root) {
  const none = (/** @type {string} */ why) => ({ libtorch: null, why });
  if (!existsSync(root)) return none(`${root} does not exist`);
  const suffix = process.platform === "darwin" ? "dylib" : "so";
  for (const file of [`lib/libtorch_cpu.${suffix}`, "include/ATen/ATen.h"]) {
    if (!existsSync(path.join(root, file))) return none(`${root} has no ${file}`);
  }
  const { version, cuda } = await versionOf(root);
  if (version === null) return none(`${root} does not say which version it is`);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestVersion;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return none(`${root} is version ${version}; ${oldestVersion.join(".")} or newer is needed`);
  }
  return { libtorch: { root, version, cuda }, why: "" };
}

/** The wheels say it in version.py, the plain archives in build-version ("2.13.0+cu128"). */
async function versionOf(/** @type {string} */ root) {
  const python = await textOf(path.join(root, "version.py"));
  if (python) {
    return {
      version: /^__version__ = '(.+)'/m.exec(python)?.[1] ?? null,
      cuda: /^cuda\b.* = '(.+)'/m.exec(python)?.[1] ?? null,
    };
  }
  const version = (await textOf(path.join(root, "build-version"))).trim() || null;
  const cuda = /\+cu(\d+)(\d)$/.exec(version ?? "");
  return { version, cuda: cuda && `${cuda[1]}.${cuda[2]}` };
}

async function textOf(/** @type {string} */ file) {
  return existsSync(file) ? readFile(file, "utf8") : "";
}

/** Where python3 would import torch from; importing it would take seconds. */
async function torchOfPython(/** @type {NodeJS.ProcessEnv} */ env) {
  const program =
    "import importlib.util as u; s = u.find_spec('torch'); print(s.origin if s and s.origin else '')";
  const { code, stdout } = await run(["python3", "-c", program], { env });
  const root = code === 0 && stdout.trim() !== "" ? path.dirname(stdout.trim()) : null;
  const why = code === 0 ? "python3 has no torch" : "there is no python3 that runs";
  return { root, libtorch: null, why };
}

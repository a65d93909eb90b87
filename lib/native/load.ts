import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { StsError } from "../foundation/errors.js";

const packageRoot = fileURLToPath(new URL("../..", import.meta.url));
const setUp = "Run `npx sts-native setup` (in a clone: `npm run bootstrap`).";

/**
 * Loads the compiled addon: the debug build when `STS_NATIVE_DEBUG` is set, else the release one.
 * @param root the package's directory
 * @returns what the addon exports, untyped
 * @throws {StsError} `LIBTORCH_NOT_FOUND`, saying what stands in the way and what to do about it
 */
export function loadAddon(root: string = packageRoot): unknown {
  const configuration = process.env.STS_NATIVE_DEBUG ? "Debug" : "Release";
  const directory = path.join(root, "build", configuration);
  const file = path.join(directory, "sts_native.node");
  if (!existsSync(file)) {
    const remedy = configuration === "Debug" ? "Run `npm run build:native:debug`." : setUp;
    throw new StsError("LIBTORCH_NOT_FOUND", `The addon is not built: no ${file}. ${remedy}`);
  }
  spinShortly();
  keepFewProducts();
  try {
    return createRequire(import.meta.url)(file);
  } catch (cause) {
    const reason = (cause as Error).message;
    const advice = adviceFor(reason, builtAgainst(directory));
    throw new StsError(
      "LIBTORCH_NOT_FOUND",
      `The addon does not load: ${file}\n  ${reason}\n${advice}`,
      { cause },
    );
  }
}

/**
 * libgomp, which libtorch computes with, lets threads that wait spin for milliseconds before they
 * sleep. Where another process shares the cores, threads then spin while the one they wait for has
 * no core, and training becomes some ten times slower. It reads its settings when it is loaded.
 */
function spinShortly(): void {
  if (process.env.OMP_WAIT_POLICY === undefined) process.env.GOMP_SPINCOUNT ??= "10000";
}

/**
 * oneDNN, and libtorch's layer above it, keep the code of a thousand products, half a megabyte for each
 * shape: with batches of ever other lengths that is half a gigabyte. They read these when first used.
 */
function keepFewProducts(): void {
  process.env.ONEDNN_PRIMITIVE_CACHE_CAPACITY ??= "128";
  process.env.LRU_CACHE_CAPACITY ??= "128";
}

/**
 * What to do about a failure to load, by what the dynamic linker said.
 * @param reason its message
 * @param libtorch the directory of the libtorch that the addon was compiled against, if known
 */
export function adviceFor(reason: string, libtorch: string | null): string {
  const rebuild = "Remove the package's build directory, then set up again. " + setUp;
  if (/cannot open shared object file|Library not loaded|image not found/.test(reason)) {
    const gone = libtorch !== null && !existsSync(libtorch);
    const where = libtorch ?? "an unknown place";
    return gone
      ? `It was built against the libtorch in ${where}, which is not there any more. ${setUp}`
      : `A library that it or libtorch (in ${where}) needs is missing. ${setUp}`;
  }
  if (/version `?(GLIBC|GLIBCXX|CXXABI)_/.test(reason)) {
    return `It was built on a system with a newer C or C++ library than this one has. ${rebuild}`;
  }
  if (/ELF|architecture|mach-o|file too short/i.test(reason)) {
    return `It was built for another kind of machine, or is damaged. ${rebuild}`;
  }
  if (/undefined symbol|Symbol not found/.test(reason)) {
    return `It was built against another version of libtorch than is there now. ${rebuild}`;
  }
  if (/NODE_MODULE_VERSION|Node-API|napi_/i.test(reason)) {
    return `It needs Node.js 20.19 or newer; this is ${process.versions.node}.`;
  }
  return rebuild;
}

/** The libtorch that the build noted beside the addon. */
function builtAgainst(directory: string): string | null {
  try {
    const noted: unknown = JSON.parse(
      readFileSync(path.join(directory, "sts_native.json"), "utf8"),
    );
    const { configuration } = noted as { configuration: { libtorch: { root: string } } };
    return configuration.libtorch.root;
  } catch {
    return null;
  }
}

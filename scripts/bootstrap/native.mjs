import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";

import { SetupProblem } from "./problem.mjs";
import { lastLines, run } from "./run.mjs";
import { hashOf, readStamp, writeStamp } from "./stamp.mjs";
import { probeCompiler } from "./tools.mjs";

/**
 * @typedef {import("./steps.mjs").Context} Context
 * @typedef {import("./index.d.mts").Libtorch} Libtorch
 */

/** The most memory that compiling one file of ours takes. */
const bytesPerJob = 1.5 * 2 ** 30;

/**
 * Compiles the addon with cmake-js, unless it has been compiled from the same inputs.
 * @param {Context} context
 * @param {Libtorch} libtorch
 * @returns {Promise<string>}
 */
export async function buildAddon(context, libtorch) {
  const files = filesOf(context);
  const inputs = await inputsOf(context, libtorch);
  if (await isBuiltFrom(files, inputs)) return "up to date";

  const jobs = parallelJobs();
  const many = jobs === 1 ? "one file at a time" : `${jobs} files at a time`;
  context.say(`compiling the addon, ${many}: a few minutes when all of it is new …`);
  await rm(files.stamp, { force: true });
  await discardOtherConfiguration(files.work, inputs.configuration);
  await mkdir(files.work, { recursive: true });
  await writeStamp(path.join(files.work, "configuration.json"), inputs.configuration);
  await compile(context, libtorch, jobs);
  await writeStamp(files.stamp, inputs);
  return `built ${path.relative(context.root, files.addon)}`;
}

/** Whether the addon is there, compiled from what is there now. */
export async function isAddonBuilt(
  /** @type {Context} */ context,
  /** @type {Libtorch} */ libtorch,
) {
  const files = filesOf(context);
  return existsSync(files.addon) && isBuiltFrom(files, await inputsOf(context, libtorch));
}

function filesOf(/** @type {Context} */ { root, debug }) {
  const configuration = debug ? "Debug" : "Release";
  return {
    configuration,
    addon: path.join(root, "build", configuration, "sts_native.node"),
    stamp: path.join(root, "build", configuration, "sts_native.json"),
    work: path.join(root, "build/cmake", configuration),
    log: path.join(root, "build/native-build.log"),
  };
}

async function isBuiltFrom(
  /** @type {ReturnType<typeof filesOf>} */ files,
  /** @type {Awaited<ReturnType<typeof inputsOf>>} */ inputs,
) {
  return existsSync(files.addon) && isDeepStrictEqual(await readStamp(files.stamp), inputs);
}

/** All that the compiled addon depends on. A change of `configuration` needs a fresh start. */
async function inputsOf(
  /** @type {Context} */ { root, env, sanitize },
  /** @type {Libtorch} */ libtorch,
) {
  const resolve = resolverOf(root);
  const { compilerVersion } = await probeCompiler(env);
  const versions = ["node-addon-api", "node-api-headers"].map(async (name) => {
    const { version } = JSON.parse(await readFile(resolve(`${name}/package.json`), "utf8"));
    return [name, version];
  });
  return {
    configuration: {
      libtorch: { root: libtorch.root, version: libtorch.version },
      compiler: compilerVersion,
      machine: `${process.platform}-${process.arch}`,
      sanitize,
      ...Object.fromEntries(await Promise.all(versions)),
    },
    sources: await hashOf(root, ["CMakeLists.txt", "native"]),
  };
}

/** Finds a package wherever npm has put it; cmake-js brings the Node-API headers. */
function resolverOf(/** @type {string} */ root) {
  const ours = createRequire(path.join(root, "package.json"));
  return (/** @type {string} */ name) => {
    const from = [root, path.dirname(ours.resolve("cmake-js"))];
    return ours.resolve(name, { paths: from });
  };
}

async function discardOtherConfiguration(
  /** @type {string} */ work,
  /** @type {object} */ configuration,
) {
  const previous = await readStamp(path.join(work, "configuration.json"));
  if (!isDeepStrictEqual(previous, configuration)) await rm(work, { recursive: true, force: true });
}

async function compile(
  /** @type {Context} */ context,
  /** @type {Libtorch} */ libtorch,
  /** @type {number} */ jobs,
) {
  const { root, env, sanitize } = context;
  const files = filesOf(context);
  const { compiler } = await probeCompiler(env);
  const cmakeJs = path.join(
    path.dirname(resolverOf(root)("cmake-js/package.json")),
    "bin/cmake-js",
  );
  const common = ["--directory", root, "--out", files.work, "--config", files.configuration];
  const commands = [
    [
      "configure",
      ...common,
      `--CDTORCH_ROOT=${libtorch.root}`,
      `--CDSTS_SANITIZE=${sanitize ? "ON" : "OFF"}`,
    ],
    ["build", ...common, "--parallel", String(jobs)],
  ];
  let log = "";
  for (const command of commands) {
    const { code, stdout, stderr } = await run([process.execPath, cmakeJs, ...command], {
      cwd: root,
      // A make around us must not hand its own settings to the one inside.
      env: { ...env, CXX: compiler ?? "", MAKEFLAGS: "", MFLAGS: "", MAKELEVEL: "" },
    });
    log += stdout + stderr;
    await writeFile(files.log, log);
    if (code !== 0) throw new SetupProblem(describeFailure(log, files.log), { exitCode: 1 });
  }
}

/** What the compiler complains of, out of everything that a build says. */
function describeFailure(/** @type {string} */ log, /** @type {string} */ file) {
  const complaint = /\berror\b:|CMake Error|undefined reference|Killed|No space left/;
  const lines = log.split("\n");
  const shown = new Set(
    lines.flatMap((line, at) => (complaint.test(line) ? [at, at + 1, at + 2, at + 3] : [])),
  );
  const complaints = lines.filter((line, at) => shown.has(at) && line.trim() !== "").slice(0, 30);
  return [
    "The addon does not compile:",
    ...(complaints.length > 0 ? complaints : lastLines(log, 15)).map((line) => `  ${line}`),
    `The whole log is in ${file}.`,
  ].join("\n");
}

function parallelJobs() {
  const memory = Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
  return Math.max(1, Math.min(os.availableParallelism(), Math.floor(memory / bytesPerJob)));
}

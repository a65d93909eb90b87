import { run } from "./run.mjs";

/**
 * What probing found. A string says what is there, null that it is not.
 * @typedef {object} Tools
 * @property {string | null} compiler the command to call, options included
 * @property {string | null} compilerVersion the first line of what it says of itself
 * @property {boolean} compilesCpp20
 * @property {string | null} cmake its version
 * @property {"ninja" | "make" | null} generator
 * @property {string | null} python its version
 * @property {boolean} pip
 */

/** What each tool is called where it comes from; macOS has its compiler from Xcode. */
const packages = {
  compiler: { apt: "g++", dnf: "gcc-c++", brew: null },
  cmake: { apt: "cmake", dnf: "cmake", brew: "cmake" },
  generator: { apt: "ninja-build", dnf: "ninja-build", brew: "ninja" },
  pip: { apt: "python3-pip", dnf: "python3-pip", brew: "python" },
};

const oldestCMake = [3, 18];

const cpp20Program = `
#include <concepts>
#include <span>
#if __cplusplus < 202002L
#error "not C++20"
#endif
template <std::integral T> T first(std::span<const T> values) { return values[0]; }
int main() { const int values[] = {0}; return first<int>(values); }
`;

/**
 * Looks for the tools of a build. `CXX` names the compiler, as CMake has it.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Tools>}
 */
export async function probeTools(env) {
  const [compiler, cmake, ninja, make, python, pip] = await Promise.all([
    probeCompiler(env),
    firstLine(["cmake", "--version"], env),
    firstLine(["ninja", "--version"], env),
    firstLine(["make", "--version"], env),
    firstLine(["python3", "--version"], env),
    firstLine(["python3", "-m", "pip", "--version"], env),
  ]);
  return {
    ...compiler,
    cmake: cmake && (/\d+(\.\d+)+/.exec(cmake)?.[0] ?? null),
    generator: ninja ? "ninja" : make ? "make" : null,
    python: python && python.replace("Python ", ""),
    pip: pip !== null,
  };
}

/** The compiler alone: its command, its version, and whether it compiles C++20. */
export async function probeCompiler(/** @type {NodeJS.ProcessEnv} */ env) {
  const candidates = env.CXX ? [env.CXX] : ["c++", "g++", "clang++"];
  for (const compiler of candidates) {
    const command = compiler.split(/\s+/);
    const compilerVersion = await firstLine([...command, "--version"], env);
    if (compilerVersion === null) continue;
    const { code } = await run([...command, "-std=c++20", "-fsyntax-only", "-x", "c++", "-"], {
      env,
      input: cpp20Program,
    });
    return { compiler, compilerVersion, compilesCpp20: code === 0 };
  }
  return { compiler: null, compilerVersion: null, compilesCpp20: false };
}

/** @returns {Promise<string | null>} null when the program is missing or fails */
async function firstLine(/** @type {string[]} */ command, /** @type {NodeJS.ProcessEnv} */ env) {
  const { code, stdout } = await run(command, { env });
  return code === 0 ? (stdout.split("\n")[0] ?? "") : null;
}

/**
 * Says which tools are missing and how to get them, or null when none is.
 * @param {Tools} tools
 * @param {{ building: boolean, installing: boolean }} work building the addon, installing libtorch
 * @returns {string | null}
 */
export function missingTools(tools, { building, installing }) {
  const faults = [
    ...(building ? [compilerFault(tools), cmakeFault(tools), generatorFault(tools)] : []),
    ...(installing ? [pipFault(tools)] : []),
  ].filter((fault) => fault !== null);
  if (faults.length === 0) return null;
  const needed = faults.map(({ tool }) => packages[tool]);
  const formulas = needed.map(({ brew }) => brew).filter((formula) => formula !== null);
  const macos = [
    ...(formulas.length < needed.length ? ["xcode-select --install"] : []),
    ...(formulas.length > 0 ? [`brew install ${formulas.join(" ")}`] : []),
  ];
  return [
    "Tools are missing:",
    ...faults.map(({ text }) => `  - ${text}`),
    "To install them:",
    `  Debian, Ubuntu   sudo apt-get install ${needed.map(({ apt }) => apt).join(" ")}`,
    `  Fedora           sudo dnf install ${needed.map(({ dnf }) => dnf).join(" ")}`,
    `  macOS            ${macos.join(" && ")}`,
  ].join("\n");
}

/**
 * @typedef {{ tool: keyof typeof packages, text: string }} Fault
 */

/** @returns {Fault | null} */
function compilerFault(/** @type {Tools} */ { compiler, compilerVersion, compilesCpp20 }) {
  if (compilesCpp20) return null;
  const found = compiler
    ? `${compiler} (${compilerVersion}) does not compile C++20; GCC 11 and Clang 14 do. ` +
      "CXX may name another one"
    : "none of CXX, c++, g++, clang++ was found";
  return { tool: "compiler", text: `a C++20 compiler: ${found}.` };
}

/** @returns {Fault | null} */
function cmakeFault(/** @type {Tools} */ { cmake }) {
  const [major = 0, minor = 0] = (cmake ?? "").split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestCMake;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  const found = cmake ? `found ${cmake}` : "not found";
  return { tool: "cmake", text: `CMake ${oldestCMake.join(".")} or newer: ${found}.` };
}

/** @returns {Fault | null} */
function generatorFault(/** @type {Tools} */ { generator }) {
  return generator ? null : { tool: "generator", text: "ninja or make: neither was found." };
}

/** @returns {Fault | null} */
function pipFault(/** @type {Tools} */ { python, pip }) {
  if (pip) return null;
  const found = python ? `Python ${python} is here, its pip is not` : "python3 was not found";
  return {
    tool: "pip",
    text: `Python 3 with pip, to install libtorch: ${found}. It is not needed where LIBTORCH names a libtorch.`,
  };
}

import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { setUp } from "../../scripts/bootstrap/index.mjs";
import { fakePython, fakeTorch, scratchDirectory, withPrograms, writeTree } from "./fakes.js";

let said = "";

beforeEach(() => {
  said = "";
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe("npm dependencies", () => {
  const lockFile = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });

  /** A clone with a lock file, and an npm that notes its calls and installs what it names. */
  function clone() {
    const root = scratchDirectory();
    const locked = { "": {}, "node_modules/a": { version: "1.0.0" } };
    const forOthers = { "node_modules/b": { version: "2.0.0", optional: true } };
    writeTree(root, { "package-lock.json": lockFile({ ...locked, ...forOthers }) });
    const npm = `echo "$1" >> calls; mkdir -p node_modules/a; echo '{}' > node_modules/a/package.json
      echo '${lockFile(locked)}' > node_modules/.package-lock.json`;
    const env = withPrograms({ npm });
    const calls = () => {
      const file = path.join(root, "calls");
      return existsSync(file) ? readFileSync(file, "utf8") : "";
    };
    return { root, calls, install: () => setUp({ only: "dependencies", root, env }) };
  }

  it("are installed once, even when those for other machines are left out", async () => {
    const { install, calls } = clone();
    await install();
    await install();
    expect(calls()).toBe("ci\n");
    expect(said).toMatch(/dependencies +installed(.|\n)*dependencies +up to date/);
  });

  it("are installed again when the lock file asks for another version", async () => {
    const { install, calls, root } = clone();
    await install();
    writeTree(root, {
      "package-lock.json": lockFile({ "node_modules/a": { version: "1.0.1" } }),
    });
    await install();
    expect(calls()).toBe("ci\nci\n");
  });

  it("and TypeScript are left alone in an installed package", async () => {
    const root = scratchDirectory();
    const env = withPrograms({ npm: "exit 1" });
    await setUp({ only: "dependencies", root, env });
    await setUp({ only: "typescript", root, env });
    expect(said).toBe("");
  });
});

describe("the addon", () => {
  const project = `
    cmake_minimum_required(VERSION 3.18)
    project(sts_native LANGUAGES CXX)
    file(GLOB SOURCES CONFIGURE_DEPENDS native/*.cc)
    add_library(sts_native MODULE \${SOURCES})
    set_target_properties(sts_native PROPERTIES PREFIX "" SUFFIX ".node"
      LIBRARY_OUTPUT_DIRECTORY "\${CMAKE_CURRENT_SOURCE_DIR}/build/\${CMAKE_BUILD_TYPE}")`;

  /** A package whose addon is one function without libtorch. */
  function smallPackage() {
    const root = scratchDirectory();
    writeTree(root, {
      "package.json": `{ "name": "small", "binary": { "napi_versions": [9] } }`,
      "CMakeLists.txt": project,
      "native/addon.cc": `extern "C" int answer() { return 41; }`,
    });
    symlinkSync(path.join(process.cwd(), "node_modules"), path.join(root, "node_modules"));
    const torch = path.join(root, "libtorch");
    writeTree(torch, fakeTorch("2.13.0"));
    const env = { ...withPrograms({ python3: fakePython({}) }), LIBTORCH: torch };
    return {
      root,
      torch,
      addon: path.join(root, "build/Release/sts_native.node"),
      build: () => setUp({ only: "native", root, env }),
    };
  }

  it("is compiled once, and again when a source or libtorch changes", async () => {
    const { root, torch, addon, build } = smallPackage();
    await build();
    expect(existsSync(addon)).toBe(true);

    said = "";
    await build();
    expect(said).toMatch(/addon +up to date/);

    writeFileSync(path.join(root, "native/second.cc"), `extern "C" int second() { return 2; }`);
    await build();
    expect(readFileSync(addon).includes("second")).toBe(true);

    writeTree(torch, fakeTorch("2.12.0"));
    said = "";
    await build();
    expect(said).toMatch(/addon +built/);
  });

  it("that does not compile shows the compiler's errors and where the log is", async () => {
    const { root, build } = smallPackage();
    writeFileSync(path.join(root, "native/addon.cc"), `int answer() { return "x"; }`);
    const failure = build();
    await expect(failure).rejects.toThrow(/addon\.cc:1:\d+: error: (.|\n)*native-build\.log/);
    await expect(failure).rejects.toMatchObject({ exitCode: 1 });
  });
});

import { missingTools, probeTools, type Tools } from "../../scripts/bootstrap/index.mjs";
import { withPrograms } from "./fakes.js";

const complete: Tools = {
  compiler: "c++",
  compilerVersion: "c++ 12.2.0",
  compilesCpp20: true,
  cmake: "3.18.0",
  generator: "make",
  python: "3.11.7",
  pip: true,
};
const everything = { building: true, installing: true };

it("nothing is missing where everything is there", () => {
  expect(missingTools(complete, everything)).toBeNull();
});

it("all that is missing is named at once, with the line that installs it on each system", () => {
  const nothing: Tools = {
    compiler: null,
    compilerVersion: null,
    compilesCpp20: false,
    cmake: null,
    generator: null,
    python: null,
    pip: false,
  };
  const message = missingTools(nothing, everything);
  expect(message).toMatch(/C\+\+20 compiler(.|\n)*CMake 3\.18(.|\n)*ninja or make(.|\n)*pip/);
  expect(message).toContain("sudo apt-get install g++ cmake ninja-build python3-pip\n");
  expect(message).toContain("sudo dnf install gcc-c++ cmake ninja-build python3-pip\n");
  expect(message).toMatch(/xcode-select --install && brew install cmake ninja python$/);
});

it("only what is missing is to be installed", () => {
  const message = missingTools({ ...complete, cmake: "3.16.3" }, everything);
  expect(message).toContain("CMake 3.18 or newer: found 3.16.3.");
  expect(message).toMatch(/apt-get install cmake\n(.|\n)*macOS +brew install cmake$/);
});

it("a compiler that is too old is named with its version", () => {
  const old = { ...complete, compilerVersion: "c++ 9.4.0", compilesCpp20: false };
  expect(missingTools(old, everything)).toContain("c++ (c++ 9.4.0) does not compile C++20");
});

it("pip is not asked for where libtorch is there, nor a compiler where nothing is built", () => {
  expect(
    missingTools({ ...complete, pip: false }, { building: true, installing: false }),
  ).toBeNull();
  const noCompiler = { ...complete, compiler: null, compilesCpp20: false };
  expect(missingTools(noCompiler, { building: false, installing: true })).toBeNull();
});

describe("probing", () => {
  it("believes a compiler only when it compiles C++20", async () => {
    const old = `case "$1" in --version) echo "old++ 9.4.0" ;; *) exit 1 ;; esac`;
    const env = withPrograms({ "old++": old });
    expect(await probeTools({ ...env, CXX: "old++" })).toMatchObject({
      compiler: "old++",
      compilerVersion: "old++ 9.4.0",
      compilesCpp20: false,
    });
  });

  it("takes CXX with the options that are in it", async () => {
    const picky = `[ "$1" = --picky ] || exit 1; echo "picky++ 1.0"`;
    const env = withPrograms({ "picky++": picky });
    expect(await probeTools({ ...env, CXX: "picky++ --picky" })).toMatchObject({
      compilerVersion: "picky++ 1.0",
      compilesCpp20: true,
    });
  });

  it("reads the versions that the programs print", async () => {
    const env = withPrograms({
      cmake: `printf 'cmake version 3.31.6-msvc1\\n\\nCMake suite\\n'`,
      python3: `case "$*" in --version) echo "Python 3.12.4" ;; *) exit 1 ;; esac`,
    });
    expect(await probeTools(env)).toMatchObject({ cmake: "3.31.6", python: "3.12.4", pip: false });
  });
});

import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { adviceFor, loadAddon } from "../../lib/native/load.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "sts-native-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const notFound = (message: RegExp) =>
  expect.objectContaining({
    code: "LIBTORCH_NOT_FOUND",
    message: expect.stringMatching(message) as string,
  }) as Error;

function failure(): unknown {
  try {
    return loadAddon(root);
  } catch (error) {
    return error;
  }
}

it("an addon that is not built says where it would be and how to build it", () => {
  expect(failure()).toEqual(
    notFound(/build\/Release\/sts_native\.node\. Run `npx sts-native setup`/),
  );
});

it("a damaged addon says so, with the system's own words", () => {
  const directory = path.join(root, "build/Release");
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, "sts_native.node"), "no library");
  expect(failure()).toEqual(notFound(/does not load: (.|\n)*is damaged\. Remove/));
});

describe("the advice names the cause", () => {
  it.each([
    [
      "libtorch.so: cannot open shared object file: No such file or directory",
      "/nowhere/torch",
      /built against the libtorch in \/nowhere\/torch, which is not there any more/,
    ],
    [
      "libgomp.so.1: cannot open shared object file: No such file or directory",
      os.tmpdir(),
      /library that it or libtorch .* needs is missing/,
    ],
    ["/lib/libm.so.6: version `GLIBC_2.38' not found", null, /newer C or C\+\+ library/],
    ["wrong ELF class: ELFCLASS32", null, /another kind of machine/],
    ["undefined symbol: _ZN2at4_ops3add4callE", null, /another version of libtorch/],
    ["was compiled against NODE_MODULE_VERSION 108", null, /needs Node\.js 20\.19 or newer/],
  ])("%s", (reason, libtorch, advice) => {
    expect(adviceFor(reason, libtorch)).toMatch(advice);
  });
});

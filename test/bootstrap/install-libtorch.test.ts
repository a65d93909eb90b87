import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { installLibtorch } from "../../scripts/bootstrap/index.mjs";
import { fakePython, fakeTorch, scratchDirectory, withPrograms, writeTree } from "./fakes.js";

beforeEach(() => {
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** A machine whose pip copies a torch of this kind, slowly, and notes how it was called. */
function machine({ cuda = null as string | null, pip = "" } = {}) {
  const directory = scratchDirectory();
  const wheel = path.join(directory, "wheel");
  writeTree(path.join(wheel, "torch"), fakeTorch("2.13.0", cuda));
  writeTree(path.join(wheel, "torch-2.13.0.dist-info"), {
    METADATA: [
      "Requires-Dist: filelock",
      'Requires-Dist: nvidia-cublas-cu12==12.8.4.1; platform_system == "Linux"',
    ].join("\n"),
  });
  const calls = path.join(directory, "calls.txt");
  const copy = `echo "$*" >> ${calls}; sleep 0.2; cp -R ${wheel}/. "$target"`;
  const cache = path.join(directory, "cache");
  const env = withPrograms({ python3: fakePython({ pip: pip || copy }) });
  return {
    cache,
    context: { env: { ...env, STS_NATIVE_CACHE: cache }, say: jest.fn() },
    calls: () => readFileSync(calls, "utf8").trim().split("\n"),
  };
}

it("libtorch is installed whole, and nothing else is left in the cache", async () => {
  const { cache, context } = machine();
  expect(await installLibtorch(context)).toEqual({
    root: path.join(cache, "libtorch-2.13.0/torch"),
    version: "2.13.0",
    cuda: null,
    source: "cache",
  });
  expect(readdirSync(cache)).toEqual(["libtorch-2.13.0"]);
});

it("two installations at once do not break each other", async () => {
  const { cache, context } = machine();
  const both = await Promise.all([installLibtorch(context), later(installLibtorch, context)]);
  expect(both.map(({ version }) => version)).toEqual(["2.13.0", "2.13.0"]);
  expect(readdirSync(cache)).toEqual(["libtorch-2.13.0"]);
});

async function later<Argument, Result>(
  call: (argument: Argument) => Promise<Result>,
  argument: Argument,
): Promise<Result> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return call(argument);
}

it("what a killed installation left is removed, what a running one does is not", async () => {
  const { cache, context } = machine();
  const noProcess = 2 ** 22 + 1;
  const killed = `installing@${os.hostname()}@${noProcess}@${Date.now()}`;
  const running = `installing@${os.hostname()}@${process.ppid}@${Date.now()}`;
  mkdirSync(path.join(cache, killed, "torch"), { recursive: true });
  mkdirSync(path.join(cache, running));
  await installLibtorch(context);
  expect(readdirSync(cache).sort()).toEqual([running, "libtorch-2.13.0"]);
});

it("a damaged libtorch in the cache is replaced", async () => {
  const { cache, context } = machine();
  writeTree(cache, { "libtorch-2.13.0/torch/version.py": "" });
  await installLibtorch(context);
  expect(existsSync(path.join(cache, "libtorch-2.13.0/torch/include/ATen/ATen.h"))).toBe(true);
  expect(readdirSync(cache)).toEqual(["libtorch-2.13.0"]);
});

it("a build for CUDA gets CUDA's libraries, and no other dependencies", async () => {
  const { context, calls } = machine({ cuda: "12.8" });
  await installLibtorch(context);
  expect(calls()).toEqual([
    expect.stringMatching(/ --no-deps torch==2\.13\.0$/),
    expect.stringMatching(/ nvidia-cublas-cu12==12\.8\.4\.1; platform_system == "Linux"$/),
  ]);
});

it("pip's failure shows what pip said and the ways out, and leaves nothing behind", async () => {
  const { cache, context } = machine({ pip: "echo 'ERROR: No matching distribution' >&2; exit 1" });
  const failure = installLibtorch(context);
  await expect(failure).rejects.toThrow(/ERROR: No matching distribution/);
  await expect(failure).rejects.toThrow(/LIBTORCH(.|\n)*install torch(.|\n)*package index/);
  await expect(failure).rejects.toMatchObject({ name: "SetupProblem", exitCode: 2 });
  expect(readdirSync(cache)).toEqual([]);
});

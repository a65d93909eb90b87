import path from "node:path";

import { findLibtorch } from "../../scripts/bootstrap/index.mjs";
import { fakePython, fakeTorch, scratchDirectory, withPrograms, writeTree } from "./fakes.js";

/** A machine with a torch in each place that a version is given for. */
function machine(versions: { LIBTORCH?: string; python?: string; cache?: string }) {
  const directory = scratchDirectory();
  const at = (name: string, version: string | undefined) => {
    const root = path.join(directory, name);
    if (version !== undefined) writeTree(root, fakeTorch(version));
    return version === undefined ? "" : root;
  };
  const env = withPrograms({
    python3: fakePython({ torch: at("site-packages/torch", versions.python) }),
  });
  at("cache/libtorch-2.13.0/torch", versions.cache);
  const LIBTORCH = at("libtorch", versions.LIBTORCH);
  return { directory, env: { ...env, LIBTORCH, STS_NATIVE_CACHE: path.join(directory, "cache") } };
}

describe("libtorch is looked for", () => {
  it("in what LIBTORCH names before anything else", async () => {
    const { directory, env } = machine({ LIBTORCH: "2.9.0", python: "2.10.0", cache: "2.13.0" });
    const { found } = await findLibtorch(env);
    expect(found).toEqual({
      root: path.join(directory, "libtorch"),
      version: "2.9.0",
      cuda: null,
      source: "LIBTORCH",
    });
  });

  it("in python3 before the cache", async () => {
    const { env } = machine({ python: "2.10.0+cpu", cache: "2.13.0" });
    expect((await findLibtorch(env)).found).toMatchObject({
      version: "2.10.0+cpu",
      source: "python",
    });
  });

  it("in the cache last, and it says why not elsewhere", async () => {
    const { env } = machine({ python: "2.5.1", cache: "2.13.0" });
    const { found, tried } = await findLibtorch(env);
    expect(found).toMatchObject({ version: "2.13.0", source: "cache" });
    expect(tried).toEqual([
      { where: "LIBTORCH", why: "it is not set" },
      {
        where: "python3's torch",
        why: expect.stringMatching(/is version 2\.5\.1; 2\.6 or newer is needed$/) as string,
      },
    ]);
  });

  it("and nothing is found where there is nothing", async () => {
    const { env } = machine({});
    const { found, tried } = await findLibtorch(env);
    expect(found).toBeNull();
    expect(tried.map(({ where }) => where)).toEqual(["LIBTORCH", "python3's torch", "the cache"]);
  });
});

it("a LIBTORCH that names no libtorch is an error and not passed over", async () => {
  const { directory, env } = machine({ cache: "2.13.0" });
  await expect(findLibtorch({ ...env, LIBTORCH: directory })).rejects.toThrow(
    `LIBTORCH names ${directory}, but ${directory} has no lib/`,
  );
});

it("a LIBTORCH that is too old is an error that names both versions", async () => {
  const { env } = machine({ LIBTORCH: "2.5.0" });
  await expect(findLibtorch(env)).rejects.toThrow(/version 2\.5\.0; 2\.6 or newer is needed/);
});

it("a build for CUDA is known as one, as a wheel and as a plain archive", async () => {
  const { directory, env } = machine({});
  writeTree(path.join(directory, "wheel"), fakeTorch("2.13.0+cu128", "12.8"));
  const archive = fakeTorch("");
  delete archive["version.py"];
  writeTree(path.join(directory, "archive"), { ...archive, "build-version": "2.13.0+cu126\n" });

  const cudaOf = async (name: string) =>
    (await findLibtorch({ ...env, LIBTORCH: path.join(directory, name) })).found?.cuda;
  expect(await cudaOf("wheel")).toBe("12.8");
  expect(await cudaOf("archive")).toBe("12.6");
});

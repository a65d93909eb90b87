import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeDirectory } from "../../lib/foundation/make-directory.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-make-directory-"));
});
afterAll(() => rm(directory, { recursive: true }));

it("a run may be put into directories that are not there yet, also by two processes at once", async () => {
  const target = path.join(directory, "a/b/c");
  await Promise.all([makeDirectory(target), makeDirectory(target), makeDirectory(target)]);
  await makeDirectory(target);
  expect((await stat(target)).isDirectory()).toBe(true);
});

it("a file in the way is an error", async () => {
  await writeFile(path.join(directory, "file"), "");
  await expect(makeDirectory(path.join(directory, "file"))).rejects.toMatchObject({
    code: "EEXIST",
  });
  await expect(makeDirectory(path.join(directory, "file/x"))).rejects.toMatchObject({
    code: expect.stringMatching(/EEXIST|ENOTDIR/) as string,
  });
});

(existsSync("/proc/self") ? it : it.skip)(
  "a file system in which no directory can be made is an error, not an endless wait",
  async () => {
    await expect(makeDirectory("/proc/sts-native/run")).rejects.toMatchObject({ code: "ENOENT" });
  },
);

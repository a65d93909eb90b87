import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ioFailed, writeFileAtomically } from "../../lib/foundation/atomic-file.js";
import { StsError } from "../../lib/foundation/errors.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "sts-atomic-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const inDirectory = (name: string) => path.join(directory, name);

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}

test.each([
  ["a text", "가나다\n"],
  ["bytes", Buffer.from("가나다\n")],
  ["text in pieces", chunks("가", "", "나다", "\n")],
])("%s is written whole and nothing is left beside it", async (_, contents) => {
  writeFileSync(inDirectory("f.txt"), "old and longer than the new one");
  await writeFileAtomically(inDirectory("f.txt"), contents);
  expect(readFileSync(inDirectory("f.txt"), "utf8")).toBe("가나다\n");
  expect(readdirSync(directory)).toEqual(["f.txt"]);
});

test("until the last piece is written the old file is the one that is there", async () => {
  const target = inDirectory("f.txt");
  writeFileSync(target, "old");
  const seen: string[] = [];
  async function* watching(): AsyncGenerator<string> {
    yield await Promise.resolve("ne");
    seen.push(readFileSync(target, "utf8"));
    yield "w";
    seen.push(readFileSync(target, "utf8"));
  }
  await writeFileAtomically(target, watching());
  expect(seen).toEqual(["old", "old"]);
  expect(readFileSync(target, "utf8")).toBe("new");
});

test("a source that fails leaves the old file, no temporary one, and its own error", async () => {
  writeFileSync(inDirectory("f.txt"), "old");
  async function* failing(): AsyncGenerator<string> {
    yield* chunks("new");
    throw new StsError("ABORTED", "stopped");
  }
  const writing = writeFileAtomically(inDirectory("f.txt"), failing());
  await expect(writing).rejects.toMatchObject({ code: "ABORTED", message: "stopped" });
  expect(readFileSync(inDirectory("f.txt"), "utf8")).toBe("old");
  expect(readdirSync(directory)).toEqual(["f.txt"]);
});

test("a symbolic link stays one and its file is replaced", async () => {
  mkdirSync(inDirectory("real"));
  writeFileSync(inDirectory("real/f.txt"), "old");
  symlinkSync("real/f.txt", inDirectory("link.txt"));
  await writeFileAtomically(inDirectory("link.txt"), "new");
  expect(lstatSync(inDirectory("link.txt")).isSymbolicLink()).toBe(true);
  expect(readFileSync(inDirectory("real/f.txt"), "utf8")).toBe("new");
});

test("a name as long as the file system allows can be written", async () => {
  const name = "n".repeat(255);
  await writeFileAtomically(inDirectory(name), "new");
  expect(readdirSync(directory)).toEqual([name]);
});

test("two writers of one file do not mix", async () => {
  const texts = ["a".repeat(100_000), "b".repeat(100_000)];
  const target = inDirectory("f.txt");
  await Promise.all(texts.map((text) => writeFileAtomically(target, text)));
  expect(texts).toContain(readFileSync(target, "utf8"));
});

test("a device or a directory is not replaced by a file", async () => {
  const notRegular = { code: "IO_FAILED", message: expect.stringContaining("regular") as string };
  await expect(writeFileAtomically("/dev/null", "x")).rejects.toMatchObject(notRegular);
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  await expect(writeFileAtomically(directory, "x")).rejects.toMatchObject(notRegular);
});

test("a directory that is missing or a file says what to do", async () => {
  writeFileSync(inDirectory("file"), "");
  const cases = [
    [inDirectory("absent/f.txt"), "create it first"],
    [inDirectory("file/f.txt"), "choose another path"],
    [inDirectory("n".repeat(256)), "choose a shorter one"],
  ] as const;
  for (const [target, remedy] of cases) {
    const error = await writeFileAtomically(target, "x").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "IO_FAILED", cause: expect.anything() as unknown });
    expect((error as Error).message).toContain(`${target}: `);
    expect((error as Error).message).toContain(remedy);
  }
});

const system = (code: string) => Object.assign(new Error(code), { code, errno: -1 });

test.each([
  ["ENOSPC", "no space left"],
  ["EDQUOT", "quota"],
  ["EACCES", "permission denied"],
  ["EROFS", "read-only"],
  ["EIO", "(EIO)"],
])("%s is IO_FAILED with what to do", (code, text) => {
  const cause = system(code);
  const error = ioFailed("out.csv", cause);
  expect(error).toMatchObject({ name: "StsError", code: "IO_FAILED", cause });
  expect((error as Error).message).toMatch(/^out\.csv: .*[.]$/);
  expect((error as Error).message).toContain(text);
});

test("what is not the operating system's error is passed on", () => {
  const mistake = new TypeError("no");
  expect(ioFailed("out.csv", mistake)).toBe(mistake);
});

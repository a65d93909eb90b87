import path from "node:path";
import { gzipSync } from "node:zlib";
import type { BadRow } from "../../lib/data/bad-rows.js";
import { readTextLines } from "../../lib/data/text-lines.js";
import { temporaryDirectory } from "./files.js";

const { directory, file } = temporaryDirectory();

async function read(filePath: string, options: Parameters<typeof readTextLines>[1] = {}) {
  const lines: [number, string][] = [];
  for await (const { line, text } of readTextLines(filePath, options)) lines.push([line, text]);
  return lines;
}

const text = '\uFEFF첫 줄\n\n \t\u200b\n  둘째,\t"줄" \r\n\r\n마지막 줄';
const lines: [number, string][] = [
  [1, "첫 줄"],
  [4, '  둘째,\t"줄" '],
  [6, "마지막 줄"],
];

test("lines come as they stand, with their numbers, and those that show nothing are left out", async () => {
  expect(await read(file("corpus.txt", text))).toEqual(lines);
});

test("a gzip file reads as the text in it, and any other name as text", async () => {
  expect(await read(file("corpus.txt.GZ", gzipSync(text)))).toEqual(lines);
  expect(await read(file("corpus.csv", text))).toEqual(lines);
  expect(await read(file("corpus", text))).toEqual(lines);
});

test("a line is whole wherever the file is cut into chunks", async () => {
  const long = Array.from({ length: 3000 }, (_, i) => `${"가나다".repeat(i % 40)}${i}`);
  const contents = `${long.join("\n")}\n${"라".repeat(200_000)}\n`;
  const texts = (await read(file("corpus.txt", contents))).map(([, each]) => each);
  expect(texts).toEqual([...long, "라".repeat(200_000)]);
});

describe("a line that cannot be read", () => {
  const bad = Buffer.concat([
    Buffer.from("첫 줄\n\n"),
    Buffer.from("\xb0\xa1\n", "latin1"),
    Buffer.from("넷째\n다섯\0째\n여섯째\n"),
  ]);

  it("ends the lines, and one error lists all with their numbers", async () => {
    const filePath = file("corpus.txt", bad);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { line } of readTextLines(filePath)) seen.push(line);
    })();
    await expect(reading).rejects.toMatchObject({ code: "INVALID_DATA" });
    const { message } = (await reading.catch((error: unknown) => error)) as Error;
    expect(message).toContain(`${filePath}: 2 of 5 rows cannot be used`);
    expect(message).toContain(`${filePath}:3: invalid UTF-8`);
    expect(message).toContain(`${filePath}:5: a NUL character`);
    expect(seen).toEqual([1]);
  });

  it("costs itself only where bad rows are left out", async () => {
    const skipped: BadRow[] = [];
    const options = { onBadRow: "skip", onSkipped: (row: BadRow) => skipped.push(row) } as const;
    const good = await read(file("corpus.txt", bad), options);
    expect(good.map(([line]) => line)).toEqual([1, 4, 6]);
    expect(skipped.map(({ line }) => line)).toEqual([3, 5]);
  });
});

test.each([
  ["an empty file", ""],
  ["a file of empty lines", "\n \n\n"],
])("%s is an error, for nothing can be learnt from it", async (_, contents) => {
  const filePath = file("corpus.txt", contents);
  await expect(read(filePath)).rejects.toMatchObject({
    code: "INVALID_DATA",
    message: expect.stringContaining(`${filePath}: the file has no rows`) as string,
  });
});

test("a file that is missing, cut off or UTF-16 is named", async () => {
  const missing = path.join(directory, "none.txt");
  await expect(read(missing)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const whole = gzipSync(Array.from({ length: 5000 }, (_, i) => `줄 ${i * i}`).join("\n"));
  const cut = file("cut.txt.gz", whole.subarray(0, whole.length >> 1));
  await expect(read(cut, { onBadRow: "skip" })).rejects.toThrow("ends too early");
  const wide = file("wide.txt", Buffer.from("\uFEFF줄\n", "utf16le"));
  await expect(read(wide)).rejects.toThrow("is UTF-16");
});

test("lines stream: the first come before the file has been read", async () => {
  const whole = gzipSync(Array.from({ length: 50_000 }, (_, i) => `줄 ${i * i}`).join("\n"));
  const cut = file("cut.txt.gz", whole.subarray(0, whole.length >> 1));
  for await (const { line } of readTextLines(cut)) if (line === 3) return;
});

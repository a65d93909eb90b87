import { mkdirSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { formatOf } from "../../lib/data/format.js";
import { loadPairs, type ReadOptions } from "../../lib/data/read-pairs.js";
import { temporaryDirectory } from "./files.js";

const { directory, file } = temporaryDirectory();
const header = "id,sentence1,sentence2,label\n";
const sound = `${header}a,가,나,1\n`;

/** Reading fails with the code, and the message names the path and holds every part. */
async function fails(filePath: string, code: string, parts: string[], more: object = {}) {
  const options: ReadOptions = { labels: "required", ...more };
  const error = await loadPairs(filePath, options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "StsError", code });
  for (const part of [filePath, ...parts]) expect((error as Error).message).toContain(part);
}

test("a file that is not there is named", async () => {
  const missing = path.join(directory, "absent.csv");
  await fails(missing, "NOT_FOUND", ["no such file"]);
  await fails(`${missing}.gz`, "NOT_FOUND", ["no such file"]);
  await fails(path.join(file("a.csv", sound), "b.csv"), "NOT_FOUND", ["no such file"]);
});

test("a directory in place of a file is named", async () => {
  for (const name of ["folder.csv", "folder.json", "folder.tsv.gz"]) {
    mkdirSync(path.join(directory, name));
    await fails(path.join(directory, name), "NOT_FOUND", ["is a directory"]);
  }
});

test("a truncated gzip file is an error even when bad rows are left out", async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `r${i},가 ${i},나,1\n`).join("");
  const whole = gzipSync(header + rows);
  for (const length of [5, whole.length >> 1, whole.length - 4]) {
    const cut = file("cut.csv.gz", whole.subarray(0, length));
    await fails(cut, "INVALID_DATA", ["ends too early"], { onBadRow: "skip" });
  }
});

test("a gzip file that is damaged or not one is an error", async () => {
  const damaged = gzipSync(`${header}${"a,가,나,1\n".repeat(500)}`);
  damaged[damaged.length - 6]! ^= 0xff;
  await fails(file("bad.csv.gz", damaged), "INVALID_DATA", ["not a sound gzip file"]);
  await fails(file("plain.csv.gz", sound), "INVALID_DATA", ["not a sound gzip file", "drop the"]);
});

test.each([
  ["little-endian", Buffer.from(`\uFEFF${sound}`, "utf16le")],
  ["big-endian", Buffer.from(`\uFEFF${sound}`, "utf16le").swap16()],
])("a UTF-16 file, %s, is one clear error", async (_, contents) => {
  for (const name of ["a.csv", "a.tsv", "a.json", "a.jsonl"]) {
    await fails(file(name, contents), "INVALID_DATA", ["is UTF-16; convert it to UTF-8"]);
  }
});

test.each([
  ["an empty CSV file", "a.csv", ""],
  ["a CSV file of a byte order mark", "a.csv", "\uFEFF"],
  ["a CSV file of empty lines", "a.csv", "\n\r\n\n"],
  ["a header alone", "a.csv", header],
  ["a TSV header alone", "a.tsv", header.replaceAll(",", "\t").trimEnd()],
  ["an empty JSON file", "a.json", " \n"],
  ["an empty JSON array", "a.json", "[\n]\n"],
  ["a JSON Lines file of empty lines", "a.jsonl", "\n \n"],
])("%s is an error: there are no rows", async (_, name, contents) => {
  await fails(file(name, contents), "INVALID_DATA", ["has no rows"], { onBadRow: "skip" });
});

test.each([
  ["an object", '{"data":[]}'],
  ["JSON Lines", '\n{"sentence1":"가"}\n{"sentence1":"나"}\n'],
  ["text", "가나다"],
])("a JSON file that holds %s says what it must hold", async (_, contents) => {
  await fails(file("a.json", contents), "INVALID_DATA", ["JSON array", "--format jsonl"]);
});

test.each([
  ["invalid UTF-8", Buffer.from("\xb0\xa1,sentence1,sentence2,label\n", "latin1"), "invalid UTF-8"],
  ["a NUL", "id\0,sentence1,sentence2,label\na,b,c,1\n", "a NUL character"],
  ["a quote left open", `"${sound}`, "malformed quoting"],
  ["CR line ends", sound.replaceAll("\n", "\r"), "CR alone"],
])("a header with %s is an error for the whole file", async (_, contents, reason) => {
  const csv = file("a.csv", contents);
  await fails(csv, "INVALID_DATA", [`${csv}:1: the header`, reason], { onBadRow: "skip" });
});

test.each([
  ["train.csv", "csv"],
  ["dir.json/train.TSV", "tsv"],
  ["a.b.json", "json"],
  ["x.jsonl.gz", "jsonl"],
  ["x.Csv.GZ", "csv"],
])("the name %s says %s", (name, format) => {
  expect(formatOf(name)).toBe(format);
});

test.each(["train.txt", "train", "train.gz", ".csv", "train.csv.zip", "dir.csv/train"])(
  "the name %s says nothing, and the error lists what does",
  async (name) => {
    const parts = [".csv, .tsv, .json and .jsonl", "--format"];
    await fails(name, "INVALID_ARGUMENT", parts);
  },
);

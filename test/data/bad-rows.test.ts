import type { BadRow } from "../../lib/data/bad-rows.js";
import { loadPairs, readPairs, type ReadOptions } from "../../lib/data/read-pairs.js";
import { temporaryDirectory } from "./files.js";

const { file } = temporaryDirectory();
const required: ReadOptions = { labels: "required" };
const skip: ReadOptions = { labels: "required", onBadRow: "skip" };

/** Every case is the second of three rows. The reason is part of what is reported. */
const header = "id,sentence1,sentence2,label\n";
const before = "a,가,나,1\n";
const after = "c,다,라,2\n";

const badCsvRows: [what: string, row: string | Buffer, reason: string][] = [
  ["too few columns", "b,가,나", 'wrong number of columns: expected 4, got 3 ("label" is missing)'],
  ["too many columns", "b,가,나,1,2", "wrong number of columns: expected 4, got 5"],
  ["a line of spaces", "   ", "wrong number of columns: expected 4, got 1"],
  ["no id", ",가,나,1", 'no value in the column "id"'],
  ["an empty sentence", "b,,나,1", '"sentence1" is empty'],
  ["an empty quoted sentence", 'b,가,"",1', '"sentence2" is empty'],
  ["a sentence of spaces", "b,가,  \t ,1", '"sentence2" is empty'],
  ["a sentence of ideographic spaces", "b,\u3000\u00a0,나,1", '"sentence1" is empty'],
  ["a sentence of zero-width spaces", "b,\u200b\u200d\ufeff,나,1", '"sentence1" is empty'],
  ["no label", "b,가,나,", "no label"],
  ["a label of spaces", "b,가,나, ", 'the label " " is not a number from 0 to 5'],
  ["a label of letters", "b,가,나,높음", 'the label "높음" is not a number from 0 to 5'],
  ["a label that is nan", "b,가,나,nan", 'the label "nan" is not a number'],
  ["a label that is NaN", "b,가,나,NaN", 'the label "NaN" is not a number'],
  ["a label that is Infinity", "b,가,나,Infinity", 'the label "Infinity" is not a number'],
  ["a hexadecimal label", "b,가,나,0x1", 'the label "0x1" is not a number'],
  ["a label with a unit", "b,가,나,3점", 'the label "3점" is not a number'],
  ["a label with a decimal comma", 'b,가,나,"3,5"', 'the label "3,5" is not a number'],
  ["a label of 7", "b,가,나,7", "the label 7 is out of range: expected 0 to 5"],
  ["a label just above", "b,가,나,5.0001", "the label 5.0001 is out of range"],
  ["a negative label", "b,가,나,-0.5", "the label -0.5 is out of range"],
  ["a label beyond a double", "b,가,나,1e999", "the label Infinity is out of range"],
  ["a NUL in a sentence", "b,가\0,나,1", "a NUL character"],
  ["a NUL in the id", "b\0,가,나,1", "a NUL character"],
  ["a byte that is not UTF-8", Buffer.from("b,\xb0\xa1,x,1", "latin1"), "invalid UTF-8"],
  ["a character cut short", Buffer.from("b,\xea\xb0,x,1", "latin1"), "invalid UTF-8"],
  ["an overlong character", Buffer.from("b,\xc0\xaf,x,1", "latin1"), "invalid UTF-8"],
  ["an encoded surrogate", Buffer.from("b,\xed\xa0\x80,x,1", "latin1"), "invalid UTF-8"],
  ["text after a closing quote", 'b,"가"다,나,1', "malformed quoting: text after a closing quote"],
  ["a space after a closing quote", 'b,"가" ,나,1', "malformed quoting: text after a closing"],
  ["a quote inside an unquoted value", 'b,가 "나" 다,나,1', "malformed quoting: a quote inside a"],
  ["a space before an opening quote", 'b, "가",나,1', "malformed quoting: a quote inside a value"],
  ["a quote that is never closed", 'b,"가,나,1', "malformed quoting: a quote is opened"],
  ["a quote in the middle of a value", 'b,5" 화면,나,1', "malformed quoting: a quote is opened"],
  ["a last value with an open quote", 'b,가,나,"1', "malformed quoting: a quote is opened"],
];

describe("a bad CSV row names the file, the line and the reason, and costs itself only", () => {
  test.each(badCsvRows)("%s", async (_, row, reason) => {
    const contents = [header, before, row, "\n", after].map((part) => Buffer.from(part));
    const path = file("train.csv", Buffer.concat(contents));
    const { pairs, skipped } = await loadPairs(path, skip);
    expect(pairs.map(({ id, line }) => [id, line])).toEqual([
      ["a", 2],
      ["c", 4],
    ]);
    expect(skipped).toEqual([{ path, line: 3, reason: expect.stringContaining(reason) as string }]);
    await expect(loadPairs(path, required)).rejects.toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringContaining(`${path}:3: ${reason}`) as string,
    });
  });
});

const badTsvRows: typeof badCsvRows = [
  ["too few columns", "b\t가\t나", 'expected 4, got 3 ("label" is missing)'],
  ["commas for tabs", "b,가,나,1", "wrong number of columns: expected 4, got 1"],
  ["a tab inside a sentence", "b\t가\t나\t다\t1", "wrong number of columns: expected 4, got 5"],
  ["an empty sentence", "b\t\t나\t1", '"sentence1" is empty'],
  ["a label of letters", "b\t가\t나\tx", 'the label "x" is not a number'],
  ["a quoted label", 'b\t가\t나\t"1"', "is not a number"],
  ["a NUL", "b\t가\0\t나\t1", "a NUL character"],
  ["a byte that is not UTF-8", Buffer.from("b\t\xb0\xa1\tx\t1", "latin1"), "invalid UTF-8"],
];

describe("a bad TSV row is reported", () => {
  test.each(badTsvRows)("%s", async (_, row, reason) => {
    const [top, first, last] = [header, before, after].map((each) => each.replaceAll(",", "\t"));
    const contents = [top!, first!, row, "\r\n", last!].map((part) => Buffer.from(part));
    const path = file("train.tsv", Buffer.concat(contents));
    const { pairs, skipped } = await loadPairs(path, skip);
    expect(pairs.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(skipped).toEqual([{ path, line: 3, reason: expect.stringContaining(reason) as string }]);
  });
});

const badObjects: [what: string, text: string, reason: string][] = [
  ["no JSON", "{sentence1: 1}", "invalid JSON: Expected property name"],
  ["a bare word", "가나다", "invalid JSON: "],
  ["an object cut short", '{"id":"b"', "invalid JSON: "],
  ["a string", '"가"', "expected a JSON object, got a string"],
  ["null", "null", "expected a JSON object, got null"],
  ["an array", '["가","나",1]', "expected a JSON object, got an array"],
  ["no sentence", '{"id":"b","sentence1":"가","label":1}', 'no value in the column "sentence2"'],
  ["no id", '{"sentence1":"가","sentence2":"나","label":1}', 'no value in the column "id"'],
  ["an id of true", obj({ id: true }), '"id" must be a text, got true'],
  ["a sentence of null", obj({ sentence1: null }), 'no value in the column "sentence1"'],
  ["a sentence of 5", obj({ sentence2: 5 }), '"sentence2" must be a text, got 5'],
  ["an empty sentence", obj({ sentence2: "\n" }), '"sentence2" is empty'],
  ["an escaped NUL", obj({ sentence1: "가\0" }), 'a NUL character in "sentence1"'],
  ["half a surrogate pair", obj({ sentence1: "가\ud83d" }), "half of a surrogate pair"],
  ["no label", obj({ label: undefined }), "no label"],
  ["a label of null", obj({ label: null }), "no label"],
  ["a label of true", obj({ label: true }), "the label true is not a number"],
  ["a label of words", obj({ label: "same" }), 'the label "same" is not a number'],
  ["a label that is an array", obj({ label: [1] }), "the label an array of 1 is not a number"],
  ["a label of 5.5", obj({ label: 5.5 }), "the label 5.5 is out of range"],
];

function obj(changes: Record<string, unknown>): string {
  return JSON.stringify({ id: "b", sentence1: "가", sentence2: "나", label: 1, ...changes });
}

describe("a bad object is reported with its line", () => {
  const first = obj({ id: "a" });
  const last = obj({ id: "c" });

  test.each(badObjects)("%s in JSON Lines", async (_, text, reason) => {
    const path = file("train.jsonl", `${first}\n${text}\n${last}\n`);
    const { pairs, skipped } = await loadPairs(path, skip);
    expect(pairs.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(skipped).toEqual([{ path, line: 2, reason: expect.stringContaining(reason) as string }]);
  });

  const balanced = badObjects.filter(([what]) => what !== "an object cut short");
  test.each(balanced)("%s in a JSON array", async (_, text, reason) => {
    const path = file("train.json", `[\n${first},\n\n${text},\n${last}]\n`);
    const { pairs, skipped } = await loadPairs(path, skip);
    expect(pairs.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(skipped).toEqual([{ path, line: 4, reason: expect.stringContaining(reason) as string }]);
  });

  test.each([
    ["cut after an element", `[\n${first},\n${last}\n`, 2, [4], "the array is not closed"],
    ["cut inside an element", `[\n${first},\n{"id":"b`, 1, [3, 3], "the array is not closed"],
    ["a comma too many", `[\n${first},\n${last},\n]`, 2, [4], "a value is missing"],
    ["a comma missing", `[\n${first}\n${last}]`, 0, [2], "invalid JSON: "],
    ["a bracket too many", `[\n${first},\n${last}\n}]`, 2, [4], 'expected "," or "]"'],
    ["text after the end", `[\n${first},\n${last}\n]\n[]`, 2, [5], "text after the end"],
    ["a string left open", `[\n${first},\n{"id":"b\n},\n${last}]`, 2, [3], "invalid JSON: "],
  ])("an array with %s loses nothing silently", async (_, contents, good, lines, reason) => {
    const path = file("train.json", contents);
    await expect(loadPairs(path, required)).rejects.toMatchObject({ code: "INVALID_DATA" });
    if (good === 0) return;
    const { pairs, skipped } = await loadPairs(path, skip);
    expect(pairs).toHaveLength(good);
    expect(skipped.map(({ line }) => line)).toEqual(lines);
    expect(skipped.at(-1)?.reason).toContain(reason);
  });
});

describe("a quote that is never closed does not swallow the rows after it", () => {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => `r${i},가,나,1\n`);
  const cases: [what: string, rows: string[], bad: number[]][] = [
    ["at the start of a long file", ['b,"가,나,1\n', ...rows(30_000)], [2]],
    ["before rows with quotes", ['b,"가,나,1\n', 'c,"다",라,1\n', ...rows(2)], [2]],
    ["twice in a row", ['b,"가,나,1\n', 'c,"다,라,1\n', ...rows(2)], [2, 3]],
    ["at the end of the file", [...rows(3), 'b,가,"나,1'], [5]],
    // The two quotes are a pair that spans two lines: one record with too few columns.
    ["closed by the quote of a later row", ['b,"가,나,1\n', 'c,다,라",1\n', ...rows(1)], [2, 3]],
  ];

  test.each(cases)("%s", async (_, body, bad) => {
    const path = file("train.csv", header + body.join(""));
    const { pairs, skipped } = await loadPairs(path, skip);
    expect(skipped.map(({ line }) => line)).toEqual(bad);
    expect(pairs).toHaveLength(body.length - bad.length);
  });
});

test("invalid UTF-8 in the later lines of a quoted value is found", async () => {
  const path = file("train.csv", Buffer.from(`${header}b,"x\n\xb0\xa1",y,1\nc,x,y,1\n`, "latin1"));
  const { pairs, skipped } = await loadPairs(path, skip);
  expect(pairs.map(({ id }) => id)).toEqual(["c"]);
  expect(skipped.map(({ line }) => line)).toEqual([2, 3]);
  expect(skipped[0]?.reason).toContain("invalid UTF-8");
});

test("the error lists the first ten bad rows, how many more there are, and the way out", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `r${i},가,나,${i % 3 === 0 ? 9 : 1}\n`);
  const path = file("train.csv", header + rows.join(""));
  const error = await loadPairs(path, required).catch((thrown: unknown) => thrown as Error);
  const lines = (error as Error).message.split("\n");
  const tenth = 2 + 9 * 3;
  expect(lines).toHaveLength(13);
  expect(lines[0]).toBe(`${path}: 14 of 40 rows cannot be used:`);
  expect(lines[1]).toBe(`  ${path}:2: the label 9 is out of range: expected 0 to 5`);
  expect(lines[10]).toContain(`${path}:${tenth}: `);
  expect(lines[11]).toBe("  and 4 more");
  expect(lines[12]).toContain("--on-bad-row skip");
});

test("with errors wanted, no pair comes after the first bad row", async () => {
  const path = file("train.csv", `${header}${before}b,가,나,9\n${after}`);
  const ids: string[] = [];
  const reading = (async () => {
    for await (const { id } of readPairs(path, required)) ids.push(id);
  })();
  await expect(reading).rejects.toMatchObject({ code: "INVALID_DATA" });
  expect(ids).toEqual(["a"]);
});

test("rows without an id keep the number of their row when others are left out", async () => {
  const path = file("train.csv", "sentence1,sentence2,label\n가,나,1\n가,나,9\n다,라,2\n");
  const { pairs } = await loadPairs(path, skip);
  expect(pairs.map(({ id }) => id)).toEqual(["0", "2"]);
});

test("every row that is left out is told of as it is met", async () => {
  const told: BadRow[] = [];
  const path = file("train.csv", `${header}${before}b,,나,1\n${after}c,가,나,x\n`);
  const onSkipped = (row: BadRow) => void told.push(row);
  const { skipped } = await loadPairs(path, { ...skip, onSkipped });
  expect(told.map(({ line }) => line)).toEqual([3, 5]);
  expect(skipped).toEqual(told);
});

test("a file of bad rows only is an error even when they are to be left out", async () => {
  const path = file("train.csv", `${header}a,가,나,9\n`);
  await expect(loadPairs(path, skip)).rejects.toMatchObject({
    code: "INVALID_DATA",
    message: expect.stringContaining("1 of 1 rows cannot be used") as string,
  });
});

test("a label that is there is checked where labels are optional", async () => {
  const path = file("train.csv", `${header}a,가,나,\nb,가,나,9\n`);
  const { pairs, skipped } = await loadPairs(path, { labels: "optional", onBadRow: "skip" });
  expect(pairs.map(({ label }) => label)).toEqual([null]);
  expect(skipped.map(({ line }) => line)).toEqual([3]);
});

import { parseColumns } from "../../lib/data/columns.js";
import { loadPairs, type ReadOptions } from "../../lib/data/read-pairs.js";
import { temporaryDirectory } from "./files.js";

const { file } = temporaryDirectory();

async function messageOf(filePath: string, options: Partial<ReadOptions> = {}): Promise<string> {
  const reading = loadPairs(filePath, { labels: "required", ...options });
  const error = await reading.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "StsError", code: "INVALID_DATA" });
  return (error as Error).message;
}

test("a mapping is read as the command line writes it", () => {
  expect(parseColumns("sentence1=sentence_1,label=score")).toEqual({
    sentence1: "sentence_1",
    label: "score",
  });
  expect(parseColumns(" id = guid , label = labels.label ")).toEqual({
    id: "guid",
    label: "labels.label",
  });
  expect(parseColumns("sentence1=a=b")).toEqual({ sentence1: "a=b" });
});

test.each([
  ["sentense1=a", ['unknown field "sentense1"', 'Did you mean "sentence1"?']],
  ["premise=a", ['unknown field "premise"', "id, sentence1, sentence2, label, source"]],
  ["__proto__=a", ['unknown field "__proto__"']],
  ["sentence1", ["expected field=column", '"sentence1"']],
  ["sentence1=", ["expected field=column"]],
  ["=a", ['unknown field ""']],
  ["", ["expected field=column"]],
  ["id=a,", ["expected field=column"]],
  ["id=a,id=b", ["id is given twice"]],
])("the mapping %j is refused", (text, parts) => {
  const read = () => parseColumns(text);
  expect(read).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error);
  for (const part of ["--columns", ...parts]) expect(read).toThrow(part);
});

test("a missing column is one error with the file's columns and the mapping to use", async () => {
  const csv = file("a.csv", "guid,premise,hypothesis,score\na,가,나,1\nb,다,라,9\n");
  const message = await messageOf(csv, { onBadRow: "skip" });
  expect(message).toContain(`${csv}:1: There is no column "sentence1" or "sentence_1"`);
  expect(message).toContain('no column "sentence2" or "sentence_2" for sentence2');
  expect(message).toContain('"guid", "premise", "hypothesis", "score"');
  expect(message).toContain("--columns sentence1=COLUMN,sentence2=COLUMN");
  expect(message).not.toContain("label=COLUMN");
});

test("a missing label column is an error where labels are required", async () => {
  const csv = file("a.csv", "sentence1,sentence2,Label\n가,나,1\n");
  const message = await messageOf(csv);
  expect(message).toContain('There is no column "label" or "score" for label.');
  expect(message).toContain("--columns label=COLUMN");
});

test("a mapped column that is misspelled gets a suggestion", async () => {
  const csv = file("a.csv", "guid,sentence_1,sentence_2,label\na,가,나,1\n");
  const columns = { sentence1: "sentense_1", id: "giud" };
  const message = await messageOf(csv, { columns });
  expect(message).toContain('no column "sentense_1" for sentence1. Did you mean "sentence_1"?');
  expect(message).toContain('no column "giud" for id. Did you mean "guid"?');
});

test("the first object of a JSON file shows the paths to map", async () => {
  const json = file("a.json", '\n[{"guid":"a","sentence1":"가","labels":{"label":1,"real":2}}]');
  const message = await messageOf(json, { columns: { label: "labels.lable" } });
  expect(message).toContain(`${json}:2: `);
  expect(message).toContain('"guid", "sentence1", "labels.label", "labels.real"');
  expect(message).toContain('Did you mean "labels.label"?');
});

test("keys of a prototype are not columns", async () => {
  const json = file("a.jsonl", '{"sentence1":"가","sentence2":"나","label":1}\n');
  const message = await messageOf(json, { columns: { id: "constructor.name" } });
  expect(message).toContain('no column "constructor.name" for id');
});

test("a column that is there twice is refused where it would be read, and only there", async () => {
  const twice = file("a.csv", "sentence1,sentence2,label,label\n가,나,1,2\n");
  expect(await messageOf(twice)).toContain('the column "label" is there more than once');
  const unused = file("b.csv", "sentence1,sentence2,label,x,x\n가,나,1,2,3\n");
  expect((await loadPairs(unused, { labels: "required" })).pairs).toHaveLength(1);
});

test("of two usual names the first one is read", async () => {
  const csv = file("a.csv", "score,label,sentence_1,sentence1,sentence2\n1,2,가,나,다\n");
  const { pairs } = await loadPairs(csv, { labels: "required" });
  expect(pairs).toEqual([{ id: "0", sentence1: "나", sentence2: "다", label: 2, line: 2 }]);
});

test("a file with hundreds of columns does not fill the screen", async () => {
  const names = Array.from({ length: 500 }, (_, i) => `column${i}`).join(",");
  const message = await messageOf(file("a.csv", `${names}\n`));
  expect(message).toContain('"column19" and 480 more');
  expect(message).not.toContain("column20");
});

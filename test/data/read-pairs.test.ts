import { gzipSync } from "node:zlib";
import { loadPairs, readPairs } from "../../lib/data/read-pairs.js";
import { temporaryDirectory } from "./files.js";

const { file } = temporaryDirectory();
const required = { labels: "required" } as const;
const optional = { labels: "optional" } as const;

const reference =
  "id,source,sentence_1,sentence_2,label,binary-label\n" +
  'train-0,nsmc-sampled,"재미있다, 정말",재미있어요,4.2,1.0\n' +
  'train-1,slack-rtt,"그가 ""좋다""고 했다",나쁘다,0,0.0\n';

const referencePairs = [
  {
    id: "train-0",
    sentence1: "재미있다, 정말",
    sentence2: "재미있어요",
    label: 4.2,
    line: 2,
    source: "nsmc-sampled",
  },
  {
    id: "train-1",
    sentence1: '그가 "좋다"고 했다',
    sentence2: "나쁘다",
    label: 0,
    line: 3,
    source: "slack-rtt",
  },
];

test("a CSV file in the reference format needs no options", async () => {
  const { pairs, skipped } = await loadPairs(file("train.csv", reference), required);
  expect(pairs).toEqual(referencePairs);
  expect(skipped).toEqual([]);
});

test.each([
  ["CRLF line ends", reference.replaceAll("\n", "\r\n")],
  ["no line end after the last row", reference.trimEnd()],
  ["a byte order mark", `\uFEFF${reference}`],
  ["spaces in the header", reference.replaceAll(",s", ", s")],
])("%s changes nothing", async (_, contents) => {
  const clean = contents.replaceAll(", slack", ",slack");
  const { pairs } = await loadPairs(file("train.csv", clean), required);
  expect(pairs).toEqual(referencePairs);
});

test("empty lines are no rows, and the lines after them keep their numbers", async () => {
  const contents = `\n${reference.replace("train-1", "\n\r\ntrain-1")}\n\n`;
  const { pairs } = await loadPairs(file("train.csv", contents), required);
  expect(pairs.map(({ line }) => line)).toEqual([3, 6]);
});

test("a file without label columns reads where labels are optional", async () => {
  const contents = "id,source,sentence_1,sentence_2\ntest-0,slack-rtt,가,나\n";
  const { pairs } = await loadPairs(file("test.csv", contents), {
    ...optional,
    columns: { label: "score" },
  });
  expect(pairs).toEqual([
    { id: "test-0", sentence1: "가", sentence2: "나", label: null, line: 2, source: "slack-rtt" },
  ]);
});

test("a quoted sentence may hold line ends, and the next row has its own line", async () => {
  const contents = 'sentence1,sentence2,label\n"첫 줄\n\n셋째 줄",나,1\n다,라,2\n';
  const { pairs } = await loadPairs(file("train.csv", contents), required);
  expect(pairs).toEqual([
    { id: "0", sentence1: "첫 줄\n\n셋째 줄", sentence2: "나", label: 1, line: 2 },
    { id: "1", sentence1: "다", sentence2: "라", label: 2, line: 5 },
  ]);
});

test("a quote in a TSV file is an ordinary character", async () => {
  const contents =
    "genre\tfilename\tyear\tid\tscore\tsentence1\tsentence2\n" +
    'news\tMSRpar\t2012\t0007\t3.750\t"그는 말했다\t그가 "말"했다"\n';
  const { pairs } = await loadPairs(file("train.tsv", contents), required);
  expect(pairs).toEqual([
    { id: "0007", sentence1: '"그는 말했다', sentence2: '그가 "말"했다"', label: 3.75, line: 2 },
  ]);
});

test("a JSON array reads by a mapping into its objects, with the lines of its elements", async () => {
  const contents = `[
    { "guid": "a-0", "sentence1": "가 [}\\",{", "sentence2": "나", "labels": { "label": 3.7 } },
    {
      "guid": 7, "labels": { "real-label": 1, "label": "2.5" },
      "sentence1": "다", "sentence2": "\\ub77c"
    }
  ]`;
  const columns = { id: "guid", label: "labels.label" };
  const { pairs } = await loadPairs(file("dev.json", contents), { ...required, columns });
  expect(pairs).toEqual([
    { id: "a-0", sentence1: '가 [}",{', sentence2: "나", label: 3.7, line: 2 },
    { id: "7", sentence1: "다", sentence2: "라", label: 2.5, line: 3 },
  ]);
});

test("a key with a dot in it is preferred to a path", async () => {
  const contents = '{"sentence1":"가","sentence2":"나","a.b":1,"a":{"b":2}}\n';
  const columns = { label: "a.b" };
  const { pairs } = await loadPairs(file("dev.jsonl", contents), { ...required, columns });
  expect(pairs[0]?.label).toBe(1);
});

test("JSON Lines read one object a line, empty lines left out", async () => {
  const contents =
    '{"sentence1":"가","sentence2":"나","label":1}\r\n\n  \n' +
    '{"sentence1":"다","sentence2":"라","label":null,"source":"chat"}';
  const { pairs } = await loadPairs(file("dev.jsonl", contents), optional);
  expect(pairs).toEqual([
    { id: "0", sentence1: "가", sentence2: "나", label: 1, line: 1 },
    { id: "1", sentence1: "다", sentence2: "라", label: null, line: 4 },
  ]);
});

test("a gzip file reads by the extension before .gz", async () => {
  const { pairs } = await loadPairs(file("train.CSV.gz", gzipSync(reference)), required);
  expect(pairs).toEqual(referencePairs);
});

test("a format that is given goes before the extension", async () => {
  const { pairs } = await loadPairs(file("train.txt", reference), { ...required, format: "csv" });
  expect(pairs).toEqual(referencePairs);
});

test("a replacement character that the file really holds is not invalid UTF-8", async () => {
  const contents = "sentence1,sentence2,label\n가\uFFFD,나,1\n";
  const { pairs } = await loadPairs(file("train.csv", contents), required);
  expect(pairs[0]?.sentence1).toBe("가\uFFFD");
});

test("characters and quoted values survive being cut at any byte of a chunk", async () => {
  const sentences = Array.from({ length: 6000 }, (_, i) => `문장 "${i}"\n${"가".repeat(i % 17)}`);
  const rows = sentences.map((each) => `"${each.replaceAll('"', '""')}",나,1\n`);
  const contents = `sentence1,sentence2,label\n${rows.join("")}`;
  expect(Buffer.byteLength(contents)).toBeGreaterThan(3 * 65536);
  const { pairs } = await loadPairs(file("train.csv", contents), required);
  expect(pairs.map(({ sentence1 }) => sentence1)).toEqual(sentences);
});

test("pairs stream: the first ones come before the file has been read", async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `문장 ${i},문장,1\n`);
  const contents = gzipSync(`sentence1,sentence2,label\n${rows.join("")}`);
  // Cut in the middle, the file ends in an error that reading the first pairs must not meet.
  const cut = file("train.csv.gz", contents.subarray(0, contents.length / 2));
  const read: string[] = [];
  for await (const { id } of readPairs(cut, required)) {
    read.push(id);
    if (read.length === 3) break;
  }
  expect(read).toEqual(["0", "1", "2"]);
  await expect(loadPairs(cut, required)).rejects.toMatchObject({ code: "INVALID_DATA" });
});

test("a label range of one's own is both ends included", async () => {
  const contents = "sentence1,sentence2,label\n가,나,-1\n다,라,+1\n마,바,1e0\n";
  const labelRange = { min: -1, max: 1 };
  const { pairs } = await loadPairs(file("train.csv", contents), { ...required, labelRange });
  expect(pairs.map(({ label }) => label)).toEqual([-1, 1, 1]);
});

test.each([
  [5, 5],
  [5, 0],
  [0, Infinity],
  [NaN, 5],
])("a label range from %d to %d is refused", async (min, max) => {
  const reading = loadPairs(file("train.csv", reference), {
    ...required,
    labelRange: { min, max },
  });
  await expect(reading).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining("labelRange") as string,
  });
});

test("labels that are ignored may hold anything, also in a mapped column", async () => {
  const path = file("words.csv", "sentence1,sentence2,label\n가,나,unknown\n다,라,99\n");
  const columns = { label: "label" };
  const { pairs } = await loadPairs(path, { labels: "ignored", columns });
  expect(pairs.map(({ label }) => label)).toEqual([null, null]);
});

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { loadPairTable } from "../../lib/data/pair-table.js";
import { writeRows } from "../../lib/data/write-rows.js";
import { temporaryDirectory } from "../cli/support.js";

const directory = temporaryDirectory();

function given(name: string, text: string): string {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
}

const read = (file: string) => loadPairTable(file, { labels: "optional" });

const written = (name: string) => path.join(directory, name);

const csv =
  'genre,id,sentence1,sentence2,label\nnews,7,"하나, 둘",둘,2.50\n"a ""b""",8,셋,"줄\n끝",0\n';

describe("a file written from the rows of another", () => {
  test("has the same bytes when nothing is changed", async () => {
    const file = given("same.csv", csv);
    const { header, rows } = await read(file);
    await writeRows(written("same-out.csv"), header, rows);
    expect(readFileSync(written("same-out.csv"), "utf8")).toBe(csv);
  });

  test("keeps the columns that are no part of a pair, with changes in place", async () => {
    const { header, columns, rows } = await read(given("changed.csv", csv));
    const changed = rows.map(({ row }) => ({ row, changes: { [columns.sentence1]: "새 문장" } }));
    await writeRows(written("changed-out.csv"), header, [...changed, rows[0]!]);
    expect(readFileSync(written("changed-out.csv"), "utf8")).toBe(
      "genre,id,sentence1,sentence2,label\nnews,7,새 문장,둘,2.50\n" +
        '"a ""b""",8,새 문장,"줄\n끝",0\nnews,7,"하나, 둘",둘,2.50\n',
    );
  });

  test("is another format where the name says so, and reads back as the same pairs", async () => {
    const table = await read(given("formats.csv", csv));
    for (const name of ["out.jsonl", "out.json", "out.csv.gz", "out.jsonl.gz"]) {
      await writeRows(written(name), table.header, table.rows);
      const pairs = (await read(written(name))).rows.map(({ pair }) => ({ ...pair, line: 0 }));
      expect(pairs).toEqual(table.rows.map(({ pair }) => ({ ...pair, line: 0 })));
    }
    expect(gunzipSync(readFileSync(written("out.csv.gz"))).toString("utf8")).toBe(csv);
  });

  test("keeps JSON objects, nested ones too", async () => {
    const objects = [
      { guid: "a", sentence1: "하나", sentence2: "둘", labels: { label: 3.5, "real-label": 3.4 } },
      {
        guid: "b",
        sentence1: "셋",
        sentence2: "넷",
        labels: { label: 0 },
        extra: [1, { x: null }],
      },
    ];
    const file = given("klue.json", JSON.stringify(objects));
    const { header, rows } = await loadPairTable(file, {
      labels: "required",
      columns: { label: "labels.label" },
    });
    const [first, second] = rows.map(({ row }) => row);
    await writeRows(written("klue-out.json"), header, [
      { row: first!, changes: { "labels.label": 5, sentence2: "다섯" } },
      { row: second! },
    ]);
    expect(JSON.parse(readFileSync(written("klue-out.json"), "utf8"))).toEqual([
      { ...objects[0], sentence2: "다섯", labels: { label: 5, "real-label": 3.4 } },
      objects[1],
    ]);
  });
});

describe("what a file cannot hold is an error, and the old file stays", () => {
  const keep = (name: string) => given(name, "old");

  test("a line end in .tsv", async () => {
    const { header, rows } = await read(given("lines.csv", csv));
    await expect(writeRows(keep("lines.tsv"), header, rows)).rejects.toThrow(
      /lines\.tsv: "줄\\n끝" in the column "sentence2" has a tab/,
    );
    expect(readFileSync(written("lines.tsv"), "utf8")).toBe("old");
  });

  test("an object's column that the first object does not have, in a table", async () => {
    const file = given(
      "wide.jsonl",
      '{"sentence1":"a","sentence2":"b"}\n{"sentence1":"a","sentence2":"b","x":1}\n',
    );
    const { header, rows } = await read(file);
    await expect(writeRows(keep("wide.csv"), header, rows)).rejects.toThrow(/line 2 .* has "x"/);
    await expect(writeRows(keep("wide.csv.gz"), header, rows)).rejects.toThrow(/line 2 .* has "x"/);
    expect(readFileSync(written("wide.csv.gz"), "utf8")).toBe("old");
  });

  test("two columns of one name", async () => {
    const { header, rows } = await read(given("twice.csv", "x,sentence1,sentence2,x\n1,a,b,2\n"));
    await expect(writeRows(keep("twice-out.csv"), header, rows)).rejects.toThrow(
      /"x" is there more than once/,
    );
  });
});

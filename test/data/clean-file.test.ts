import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { cleanPairFile } from "../../lib/data/clean-file.js";
import { Cleaner } from "../../lib/text/cleaning/cleaner.js";
import { fixture, readJson } from "../support/fixtures.js";
import { temporaryDirectory } from "./files.js";

const { file, directory } = temporaryDirectory();
const cleaner = new Cleaner();

it("says of every sentence that changes where it stands and what becomes of it", async () => {
  const source = file("in.csv", "a,b,label\n가#,나,wrong\n다,라^^,\n");
  const columns = { sentence1: "a", sentence2: "b" };
  const result = await cleanPairFile(source, cleaner, { columns });
  expect(result).toMatchObject({ file: source, output: null, rows: 2, changedRows: 2 });
  expect(result.changes).toEqual([
    { line: 2, column: "a", before: "가#", after: "가" },
    { line: 3, column: "b", before: "라^^", after: "라" },
  ]);
});

it("a pair whose sentences were the same before has not become so", async () => {
  const source = file("same.csv", "sentence1,sentence2\n가#,가#\n나#,나\n");
  expect((await cleanPairFile(source, cleaner)).identical).toEqual([3]);
});

it("nothing is written once the signal has fired", async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `가${i}#,나^^\n`);
  const source = file("large.csv", `sentence1,sentence2\n${rows.join("")}`);
  const output = path.join(directory, "stopped.csv");
  const options = { output, signal: AbortSignal.abort() };
  await expect(cleanPairFile(source, cleaner, options)).rejects.toMatchObject({ code: "ABORTED" });
  expect(existsSync(output)).toBe(false);
});

const korsts = path.join(process.cwd(), "..", "shared", "data", "korsts");
const present = existsSync(korsts);
if (!present) console.warn(`Skipped: KorSTS is not at ${korsts}.`);

(present ? it : it.skip)(
  "KorSTS keeps its rows, and as many sentences change as in Python",
  async () => {
    type Corpus = { name: string; rules: object; n: number; changed: number };
    const { corpora } = readJson<{ corpora: Corpus[] }>(fixture("cleaning/cleaning.json"));
    const expected = corpora.find(({ name }) => name === "korsts")!;
    const rules = new Cleaner(expected.rules);
    let changed = 0;
    for (const part of ["train", "dev", "test"]) {
      const source = path.join(korsts, `sts-${part}.tsv`);
      const output = path.join(directory, `${part}.tsv`);
      const result = await cleanPairFile(source, rules, { output });
      changed += result.changes.length;
      const others = (name: string) =>
        readFileSync(name, "utf8")
          .trimEnd()
          .split("\n")
          .map((line) => line.split("\t").slice(0, 5));
      expect(others(output)).toEqual(others(source));
      expect((await cleanPairFile(output, rules)).changes).toEqual([]);
    }
    expect(changed).toBe(expected.changed);
  },
);

import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { cleaningPresets } from "../../lib/text/cleaning/rules.js";
import { writeTinyModel } from "../support/tiny-model.js";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const run = (...args: string[]) => stsNative(["clean", ...args], { cwd: directory });
const write = (file: string, contents: string) =>
  writeFileSync(path.join(directory, file), contents);
const read = (file: string) => readFileSync(path.join(directory, file), "utf8");

const dirty = `id,genre,sentence_1,sentence_2,label,note
a,x,좋아요^^ 👍,"네, 좋아요",3,"말, ""그대로"" ^^"
b,y,^^,가나,0,
c,z,<PERSON>님~,<PERSON>님,5,♥
d,z,그대로,다른 문장,1,7
`;
const cleaned = `id,genre,sentence_1,sentence_2,label,note
a,x,좋아요,"네, 좋아요",3,"말, ""그대로"" ^^"
b,y,^^,가나,0,
c,z,<PERSON>님,<PERSON>님,5,♥
d,z,그대로,다른 문장,1,7
`;

beforeAll(() => write("dirty.csv", dirty));

describe("without --output", () => {
  it("one sees what would vanish, what was counted and where nothing would be left", async () => {
    const outcome = await run("dirty.csv");
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toBe(
      `dirty.csv:2 sentence_1
  좋아요[-^^ 👍-]
  좋아요

dirty.csv:4 sentence_1
  <PERSON>님[-~-]
  <PERSON>님

           rows  changed rows  changed sentences  now identical  would be empty
dirty.csv     4             2                  2              1               1

rule   changed sentences
emoji                  1
keep                   2
trim                   1

pairs whose sentences become the same: dirty.csv:4
`,
    );
    expect(outcome.stderr).toBe(
      `warning: 1 sentence of dirty.csv would be empty and stay as they are:
  dirty.csv:3 sentence_1
Whether placeholders are one token each is not looked at without --model.
`,
    );
    expect(read("dirty.csv")).toBe(dirty);
  });

  it("--preview 0 shows counts alone, and --preview 1 what loses most", async () => {
    expect((await run("--preview", "0", "dirty.csv")).stdout).toMatch(/^ +rows +changed rows/);
    const { stdout } = await run("--preview", "1", "dirty.csv");
    expect(stdout).toMatch(/^dirty\.csv:2 sentence_1\n.*\n.*\n\n +rows/);
  });

  it("--json says all of it", async () => {
    const outcome = await run("--json", "--preview", "1", "dirty.csv");
    expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(lastLine(outcome)).toEqual({
      rules: cleaningPresets.default,
      files: [
        {
          ...{ file: "dirty.csv", output: null, rows: 4, changedRows: 2, changedSentences: 2 },
          ...{ byRule: { emoji: 1, keep: 2, trim: 1 }, identical: [4], skipped: 0 },
          wouldBeEmpty: [{ line: 3, column: "sentence_1" }],
          placeholders: ["<PERSON>"],
        },
      ],
      byRule: { emoji: 1, keep: 2, trim: 1 },
      preview: [
        {
          ...{ file: "dirty.csv", line: 2, column: "sentence_1" },
          ...{ before: "좋아요^^ 👍", after: "좋아요" },
        },
      ],
      placeholders: null,
    });
  });
});

describe("--output", () => {
  it("has all other columns as they were, and cleaning it again changes nothing", async () => {
    const outcome = await run("--output", "cleaned.csv", "dirty.csv");
    expect(outcome.stdout).toMatch(/\nwritten: cleaned\.csv\n$/);
    expect(read("cleaned.csv")).toBe(cleaned);
    const again = await run("--output", "again.csv", "--json", "cleaned.csv");
    expect(lastLine(again)).toMatchObject({ files: [{ changedRows: 0 }], byRule: {} });
    expect(read("again.csv")).toBe(cleaned);
  });

  it("is a directory for several files, each in its own format", async () => {
    write("a.tsv", "sentence1\tsentence2\tyear\n가#\t나\t2012\n");
    write("b.json", '[{"guid":"1","pair":{"a":"다♥ ","b":"라"},"labels":{"label":3.5}}]');
    const columns = "sentence1=pair.a,sentence2=pair.b";
    expect((await run("--output", "many", "a.tsv", "dirty.csv")).code).toBe(0);
    expect((await run("--output", "many/", "--columns", columns, "b.json")).code).toBe(0);
    expect(read("many/a.tsv")).toBe("sentence1\tsentence2\tyear\n가\t나\t2012\n");
    expect(read("many/dirty.csv")).toBe(cleaned);
    expect(JSON.parse(read("many/b.json"))).toEqual([
      { guid: "1", pair: { a: "다", b: "라" }, labels: { label: 3.5 } },
    ]);
    expect((await run("--output", "zipped.csv.gz", "dirty.csv")).code).toBe(0);
    const zipped = readFileSync(path.join(directory, "zipped.csv.gz"));
    expect(gunzipSync(zipped).toString()).toBe(cleaned);
  });

  it("never takes the place of a file that is read", async () => {
    symlinkSync("dirty.csv", path.join(directory, "link.csv"));
    const message = /--output: \S+ is one of the files that are read/;
    expectMistake(await run("--output", "dirty.csv", "dirty.csv"), message);
    expectMistake(await run("--output", "link.csv", "dirty.csv"), message);
    expectMistake(await run("--output", ".", "dirty.csv", "a.tsv"), message);
    expect(read("dirty.csv")).toBe(dirty);
  });

  it("is not written where a row is bad, unless bad rows are left out", async () => {
    write("bad.csv", "sentence1,sentence2\n가#,나\n,다\n");
    expectMistake(await run("--output", "good.csv", "bad.csv"), /bad\.csv:3: "sentence1" is empty/);
    expect(existsSync(path.join(directory, "good.csv"))).toBe(false);
    const outcome = await run("--output", "good.csv", "--on-bad-row", "skip", "bad.csv");
    expect(outcome.stderr).toMatch(/bad\.csv: 1 row left out:\n {2}bad\.csv:3/);
    expect(read("good.csv")).toBe("sentence1,sentence2\n가,나\n");
  });
});

it("of several files, none is written where one is bad", async () => {
  write("torn.csv", "id,sentence1,sentence2\n1,가\n");
  const outcome = await run("--output", "none", "dirty.csv", "torn.csv");
  expectMistake(outcome, /torn\.csv:2: wrong number of columns/);
  expect(readdirSync(path.join(directory, "none"))).toEqual([]);
});

describe("--rules", () => {
  it("is a YAML file, such as --print-rules writes it", async () => {
    const printed = (await run("--print-rules")).stdout;
    expect(parse(printed)).toEqual(cleaningPresets.default);
    write("rules.yaml", printed.replace("emoji: remove", "emoji: keep"));
    const outcome = await run("--rules", "rules.yaml", "--output", "kept.csv", "dirty.csv");
    expect(outcome.code).toBe(0);
    expect(read("kept.csv")).toBe(cleaned.replace("좋아요,", "좋아요 👍,"));
    const own = (await run("--print-rules", "--rules", "rules.yaml", "--json")).stdout;
    expect(JSON.parse(own)).toMatchObject({ rules: { emoji: "keep" } });
  });

  it("a mistake in it is told by its line or its key", async () => {
    write("wrong.yaml", "unicode: NFC\nemojis: remove\n");
    const unknown = /^error: wrong\.yaml:2: there is no setting "emojis"\. Did you mean "emoji"\?/;
    expectMistake(await run("--rules", "wrong.yaml", "dirty.csv"), unknown);
    write("value.yaml", "emoji: removed\n");
    expectMistake(
      await run("--rules", "value.yaml", "dirty.csv"),
      /value\.yaml: emoji: .*"removed"/,
    );
    const missing =
      /--rules: there is no file defualt; .* default, none\. Did you mean "default"\?/;
    expectMistake(await run("--rules", "defualt", "dirty.csv"), missing);
  });
});

it("with --model one is told of placeholders that are not one token", async () => {
  await writeTinyModel(path.join(directory, "model"));
  const outcome = await run("--model", "model", "dirty.csv", "--json");
  expect(outcome.stderr).toMatch(/warning: placeholders that .*: <PERSON> \(not known\)\n$/);
  expect(lastLine(outcome)).toMatchObject({
    placeholders: [{ placeholder: "<PERSON>", unknown: true }],
  });
});

it.each<[string[], RegExp]>([
  [[], /a data file is missing: sts-native clean train\.csv/],
  [["dirty.csv", "--print-rules"], /--print-rules reads no data; leave out dirty\.csv/],
  [
    ["--output", "x.jsonl", "dirty.csv"],
    /x\.jsonl is named as jsonl, but keeps .*, csv; name it \.csv/,
  ],
  [["--output", "x/", "dirty.csv", "./dirty.csv"], /two of the files would become x\/dirty\.csv/],
  [["missing.csv"], /missing\.csv: no such file/],
])("clean %j is a mistake that is named", async (args, message) => {
  expectMistake(await run(...args), message);
});

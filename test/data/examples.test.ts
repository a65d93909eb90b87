import { gzipSync } from "node:zlib";
import { parseColumns } from "../../lib/data/columns.js";
import { type ExampleKind, type ExampleOptions, loadExamples } from "../../lib/data/examples.js";
import { temporaryDirectory } from "./files.js";

const { file } = temporaryDirectory();

type Cells = (string | number | null)[];
const nliHeader = ["sentence1", "sentence2", "gold_label"];
const tsv = (rows: Cells[], header = nliHeader) =>
  file("train.tsv", [header, ...rows].map((cells) => `${cells.join("\t")}\n`).join(""));
const jsonl = (rows: Cells[], header = nliHeader) =>
  file("train.jsonl", rows.map((cells) => `${JSON.stringify(object(cells, header))}\n`).join(""));
const object = (cells: Cells, header: string[]) =>
  Object.fromEntries(header.map((name, column) => [name, cells[column]]));

async function failure(filePath: string, options: ExampleOptions): Promise<Error> {
  const error: unknown = await loadExamples(filePath, options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "StsError" });
  return error as Error;
}

const relations: Cells[] = [
  ["비가 온다", "날씨가 궂다", "entailment"],
  ["비가 온다", "우산을 쓴다", "neutral"],
  ["비가 온다", "하늘이 맑다", "contradiction"],
  ["눈이 온다", "날이 춥다", "entailment"],
];

describe("natural-language inference", () => {
  it("gives premise, entailment and contradiction, and counts what has no contradiction", async () => {
    expect(await loadExamples(tsv(relations), { kind: "nli" })).toEqual({
      examples: [{ texts: ["비가 온다", "날씨가 궂다", "하늘이 맑다"], label: 5, line: 2 }],
      skipped: [],
      leftOut: { withoutConsensus: 0, withoutContradiction: 1 },
    });
  });

  it("as pairs gives every entailment", async () => {
    const labelRange = { min: 0, max: 1 };
    const loaded = await loadExamples(tsv(relations), { kind: "nli-pairs", labelRange });
    expect(loaded).toEqual({
      examples: [
        { texts: ["비가 온다", "날씨가 궂다"], label: 1, line: 2 },
        { texts: ["눈이 온다", "날이 춥다"], label: 1, line: 5 },
      ],
      skipped: [],
      leftOut: { withoutConsensus: 0, withoutContradiction: 0 },
    });
  });

  it("finds the contradiction wherever it stands, and never takes one of another premise", async () => {
    const rows: Cells[] = [
      ["가", "가 부정", "contradiction"],
      ["나", "나 긍정", "entailment"],
      ["가", "가 긍정", "entailment"],
      ["나", "나 부정", "contradiction"],
      ["가", "가 또 긍정", "entailment"],
    ];
    const { examples } = await loadExamples(tsv(rows), { kind: "nli" });
    expect(examples.map(({ texts, line }) => [...texts, line])).toEqual([
      ["나", "나 긍정", "나 부정", 3],
      ["가", "가 긍정", "가 부정", 4],
      ["가", "가 또 긍정", "가 부정", 6],
    ]);
  });

  it("a sentence labelled both ways is not its own negative", async () => {
    const rows: Cells[] = ["entailment", "contradiction"].map((label) => ["가", "나", label]);
    const { message } = await failure(tsv(rows), { kind: "nli" });
    expect(message).toContain("1 of 2 rows are entailments");
    const more = tsv([...rows, ["가", "다", "contradiction"]]);
    for (let seed = 0; seed < 10; seed++) {
      const { examples } = await loadExamples(more, { kind: "nli", seed });
      expect(examples.map(({ texts }) => texts)).toEqual([["가", "나", "다"]]);
    }
  });

  it("draws each contradiction as often as another, and the same ones from the same seed", async () => {
    const premises = Array.from({ length: 400 }, (_, i) => `전제 ${i}`);
    const rows = premises.flatMap((premise): Cells[] => [
      [premise, "긍정", "entailment"],
      ...["하나", "둘", "셋", "넷"].map((text) => [premise, text, "contradiction"]),
    ]);
    const path = tsv(rows);
    const negatives = async (seed?: number) => {
      const options = { kind: "nli", ...(seed === undefined ? {} : { seed }) } as const;
      return (await loadExamples(path, options)).examples.map(({ texts }) => texts[2]!);
    };
    const drawn = await negatives(1);
    expect(await negatives(1)).toEqual(drawn);
    expect(await negatives(2)).not.toEqual(drawn);
    expect(await negatives()).toEqual(await negatives(42));
    for (const text of ["하나", "둘", "셋", "넷"]) {
      // 100 expected of 400; the standard deviation is 8.7.
      const count = drawn.filter((each) => each === text).length;
      expect(Math.abs(count - 100)).toBeLessThan(40);
    }
  });

  it.each(["-", "", " ", "-1"])(
    "a label %j is no consensus: counted, not a bad row",
    async (label) => {
      const rows = [...relations, ["해가 뜬다", "밝다", label]];
      const { leftOut, skipped } = await loadExamples(tsv(rows), { kind: "nli-pairs" });
      expect(leftOut.withoutConsensus).toBe(1);
      expect(skipped).toEqual([]);
    },
  );

  it("labels are read in any case, and as the integers of Hugging Face", async () => {
    const written: Cells[] = [
      ["Entailment", "CONTRADICTION", "Neutral"],
      ["0", "2", "1"],
      [0, 2, 1],
    ];
    for (const [yes, no, maybe] of written) {
      const rows: Cells[] = [
        ["가", "나", yes!],
        ["가", "다", no!],
        ["가", "라", maybe!],
        ["마", "바", -1],
        ["마", "바", null],
      ];
      const { examples, leftOut } = await loadExamples(jsonl(rows), { kind: "nli" });
      expect(examples.map(({ texts }) => texts)).toEqual([["가", "나", "다"]]);
      expect(leftOut.withoutConsensus).toBe(2);
    }
  });

  it.each([
    ["yes", 'the label "yes" is not entailment, neutral or contradiction (or 0, 1 or 2)'],
    ["3", 'the label "3" is not entailment'],
    ["1.0", 'the label "1.0" is not entailment'],
    [true, "the label true is not entailment"],
    [undefined, "no label"],
  ])("a label %j is a bad row with its line", async (label, reason) => {
    const line = JSON.stringify({ sentence1: "가", sentence2: "나", gold_label: label });
    const first = JSON.stringify({ sentence1: "가", sentence2: "다", gold_label: "entailment" });
    const path = file("train.jsonl", `${first}\n\n${line}\n`);
    const { message } = await failure(path, { kind: "nli-pairs" });
    expect(message).toContain(`${path}:3: ${reason}`);
    const { examples, skipped } = await loadExamples(path, { kind: "nli-pairs", onBadRow: "skip" });
    expect(examples).toHaveLength(1);
    expect(skipped).toEqual([{ path, line: 3, reason: expect.stringContaining(reason) as string }]);
  });

  it("an empty hypothesis is a bad row", async () => {
    const path = tsv([...relations, ["해가 뜬다", " ", "neutral"]]);
    expect((await failure(path, { kind: "nli" })).message).toContain(
      `${path}:6: "sentence2" is empty`,
    );
  });

  it("a file without a triplet says which kind takes it, one without entailments what to check", async () => {
    const pairs = await failure(tsv([relations[0]!, relations[1]!]), { kind: "nli" });
    expect(pairs.message).toContain("1 of 2 rows are entailments");
    expect(pairs.message).toContain('"nli-pairs"');
    const none = await failure(tsv([relations[1]!]), { kind: "nli-pairs" });
    expect(none).toMatchObject({ code: "INVALID_DATA" });
    expect(none.message).toContain("not one of 1 rows is an entailment");
  });

  it.each([
    ["sentence_1", "sentence_2", "label"],
    ["premise", "hypothesis", "gold_label"],
    ["sentence1", "hypothesis", "label"],
  ])("needs no mapping for columns %s, %s and %s", async (...header) => {
    const { examples } = await loadExamples(tsv(relations, header), { kind: "nli" });
    expect(examples).toHaveLength(1);
  });

  it("reads by the mapping of the command line", async () => {
    const path = tsv(relations, ["p", "h", "r"]);
    const columns = parseColumns("sentence1=p,sentence2=h,label=r");
    expect((await loadExamples(path, { kind: "nli", columns })).examples).toHaveLength(1);
    const { message } = await failure(path, { kind: "nli" });
    expect(message).toContain('no column "gold_label" or "label" for label');
    expect(message).toContain('The file has "p", "h", "r"');
    expect(message).toContain("--columns sentence1=COLUMN,sentence2=COLUMN,label=COLUMN");
  });

  it("of two label columns the one that all annotators agreed on is read", async () => {
    const header = ["premise", "hypothesis", "label", "gold_label"];
    const rows: Cells[] = [
      ["가", "나", "neutral", "entailment"],
      ["다", "라", "entailment", "neutral"],
    ];
    const { examples } = await loadExamples(tsv(rows, header), { kind: "nli-pairs" });
    expect(examples.map(({ line }) => line)).toEqual([2]);
  });
});

describe("triplets", () => {
  const cells: Cells = ["가", "나", "다"];
  const example = { texts: ["가", "나", "다"], label: 5, line: 2 };

  it.each([
    ["anchor", "positive", "negative"],
    ["query", "pos", "neg"],
    ["sentence1", "sentence2", "sentence3"],
  ])("are found by the names %s, %s and %s", async (...header) => {
    const { examples } = await loadExamples(tsv([cells], header), { kind: "triplets" });
    expect(examples).toEqual([example]);
  });

  it("read by the mapping of the command line", async () => {
    const columns = parseColumns("anchor=q,positive=p.text,negative=n");
    const path = file("train.jsonl", '{"q":"가","p":{"text":"나"},"n":"다"}\n');
    const { examples } = await loadExamples(path, { kind: "triplets", columns });
    expect(examples).toEqual([{ ...example, line: 1 }]);
  });

  it("a column that is missing is named, with those that there are", async () => {
    const path = tsv([cells], ["anchor", "positive", "other"]);
    const { message } = await failure(path, { kind: "triplets" });
    expect(message).toContain(`${path}:1: There is no column "negative" or "neg" or "sentence3"`);
    expect(message).toContain('"anchor", "positive", "other"');
    expect(message).toContain("--columns negative=COLUMN");
  });

  it("with an empty text are bad rows", async () => {
    const path = tsv([cells, ["라", "", "마"]], ["anchor", "positive", "negative"]);
    const { message } = await failure(path, { kind: "triplets" });
    expect(message).toContain(`${path}:3: "positive" is empty`);
    const told: number[] = [];
    const { examples, skipped } = await loadExamples(path, {
      kind: "triplets",
      onBadRow: "skip",
      onSkipped: ({ line }) => told.push(line),
    });
    expect([examples.length, skipped.length, told]).toEqual([1, 1, [3]]);
  });
});

describe("scored pairs", () => {
  const header = ["sentence1", "sentence2", "label"];

  it("keep their scores", async () => {
    const path = tsv([["가", "나", "2.5"]], header);
    const { examples, leftOut } = await loadExamples(path, { kind: "scored" });
    expect(examples).toEqual([{ texts: ["가", "나"], label: 2.5, line: 2 }]);
    expect(leftOut).toEqual({ withoutConsensus: 0, withoutContradiction: 0 });
  });

  it("without a score, or with one out of the range, are bad rows", async () => {
    const options = { kind: "scored", labelRange: { min: 0, max: 1 } } as const;
    const path = tsv([...["1", "", "2"].map((label) => ["가", "나", label])], header);
    const { message } = await failure(path, options);
    expect(message).toContain(`${path}:3: no label`);
    expect(message).toContain(`${path}:4: the label 2 is out of range`);
  });

  it("are not taken for premises and hypotheses, nor the other way round", async () => {
    const scores = tsv([["가", "나", "3.2"]], header);
    expect((await failure(scores, { kind: "nli" })).message).toContain('"3.2" is not entailment');
    const { message } = await failure(tsv(relations), { kind: "scored" });
    expect(message).toContain('no column "label" or "score"');
  });
});

describe("every kind is read from every format", () => {
  const rows: Record<ExampleKind, [header: string[], rows: string[][], texts: string[]]> = {
    scored: [["sentence1", "sentence2", "label"], [['가, "나"', "다", "5"]], ['가, "나"', "다"]],
    nli: [
      nliHeader,
      [
        ['가, "나"', "다", "entailment"],
        ['가, "나"', "라", "contradiction"],
      ],
      ['가, "나"', "다", "라"],
    ],
    "nli-pairs": [nliHeader, [['가, "나"', "다", "entailment"]], ['가, "나"', "다"]],
    triplets: [
      ["anchor", "positive", "negative"],
      [['가, "나"', "다", "라"]],
      ['가, "나"', "다", "라"],
    ],
  };
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const write: Record<string, (header: string[], rows: string[][]) => string> = {
    csv: (header, rows) => [header, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n"),
    tsv: (header, rows) => [header, ...rows].map((row) => row.join("\t")).join("\n"),
    json: (header, rows) =>
      JSON.stringify(
        rows.map((row) => object(row, header)),
        null,
        2,
      ),
    jsonl: (header, rows) => rows.map((row) => JSON.stringify(object(row, header))).join("\n"),
  };
  const kinds = Object.keys(rows) as ExampleKind[];

  it.each(kinds.flatMap((kind) => Object.keys(write).map((format) => [kind, format] as const)))(
    "%s from %s, also behind .gz",
    async (kind, format) => {
      const [header, cells, texts] = rows[kind];
      const contents = write[format]!(header, cells);
      for (const path of [
        file(`train.${format}`, contents),
        file(`train.${format}.gz`, gzipSync(contents)),
      ]) {
        const { examples } = await loadExamples(path, { kind });
        expect(examples.map((example) => [example.texts, example.label])).toEqual([[texts, 5]]);
      }
      const other = file("train.data", contents);
      const loaded = await loadExamples(other, { kind, format: format as "csv" });
      expect(loaded.examples).toHaveLength(1);
    },
  );
});

test("fields of other kinds may be mapped: one mapping serves training and validation files", async () => {
  const columns = parseColumns("anchor=q,sentence1=a,sentence2=b");
  const header = ["q", "positive", "negative"];
  const triplets = await loadExamples(tsv([["가", "나", "다"]], header), {
    kind: "triplets",
    columns,
  });
  const pairs = tsv([["가", "나", "1"]], ["a", "b", "score"]);
  const scored = await loadExamples(pairs, { kind: "scored", columns });
  expect([triplets, scored].map(({ examples }) => examples.length)).toEqual([1, 1]);
});

test("a kind or range that there is not is refused before the file is looked for", async () => {
  const kind = await failure("none.tsv", { kind: "triplet" as ExampleKind });
  expect(kind).toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(kind.message).toContain("expected one of scored, nli, nli-pairs, triplets");
  expect(kind.message).toContain('Did you mean "triplets"?');
  const range = await failure("none.tsv", { kind: "nli", labelRange: { min: 1, max: 1 } });
  expect(range.message).toContain("labelRange");
  expect(await failure("none.tsv", { kind: "nli" })).toMatchObject({ code: "NOT_FOUND" });
});

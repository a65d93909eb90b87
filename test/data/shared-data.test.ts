import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { loadExamples } from "../../lib/data/examples.js";
import { loadPairs } from "../../lib/data/read-pairs.js";

const shared = path.join(process.cwd(), "..", "shared", "data");
const present = existsSync(shared);
if (!present) console.warn(`Skipped: the benchmark data is not at ${shared}.`);
const withData = present ? test : test.skip;

const korsts = { train: 5749, dev: 1500, test: 1379 };

withData.each(Object.entries(korsts))("KorSTS %s reads as %d pairs", async (part, count) => {
  const filePath = path.join(shared, "korsts", `sts-${part}.tsv`);
  const { pairs } = await loadPairs(filePath, { labels: "required" });
  expect(pairs).toHaveLength(count);
  const rows = readFileSync(filePath, "utf8").trimEnd().split("\n").slice(1);
  expect(rows).toHaveLength(count);
  const expected = rows.map((row, index) => {
    const [, , , id, score, sentence1, sentence2] = row.split("\t");
    return { id, sentence1, sentence2, label: Number(score), line: index + 2 };
  });
  expect(pairs).toEqual(expected);
  const labels = pairs.map(({ label }) => label!);
  expect([Math.min(...labels), Math.max(...labels)]).toEqual([0, 5]);
});

withData("KLUE-NLI reads by a mapping, without labels", async () => {
  const filePath = path.join(shared, "nli", "klue-nli-v1.1_dev.json");
  const columns = { id: "guid", sentence1: "premise", sentence2: "hypothesis" };
  const { pairs } = await loadPairs(filePath, { labels: "optional", columns });
  type Element = { guid: string; source: string; premise: string; hypothesis: string };
  const elements = JSON.parse(readFileSync(filePath, "utf8")) as Element[];
  expect(pairs).toHaveLength(3000);
  expect(pairs).toEqual(
    elements.map(({ guid, source, premise, hypothesis }) => ({
      id: guid,
      sentence1: premise,
      sentence2: hypothesis,
      label: null,
      source,
      line: expect.any(Number) as number,
    })),
  );
  const lines = readFileSync(filePath, "utf8").split("\n");
  for (const { id, line } of pairs) {
    expect(lines.slice(line - 1, line + 1).join("")).toContain(JSON.stringify(id));
  }
});

/** How often each relation is there. */
const nli = { "xnli.dev.ko.tsv": 830, "xnli.test.ko.tsv": 1670, "klue-nli-v1.1_dev.json": 1000 };

withData.each(Object.entries(nli))("%s reads as %d triplets or pairs", async (name, count) => {
  const filePath = path.join(shared, "nli", name);
  const triplets = await loadExamples(filePath, { kind: "nli" });
  const pairs = await loadExamples(filePath, { kind: "nli-pairs" });
  const nothing = { withoutConsensus: 0, withoutContradiction: 0 };
  expect([triplets.leftOut, pairs.leftOut]).toEqual([nothing, nothing]);
  expect(triplets.examples).toHaveLength(count);
  expect(pairs.examples).toEqual(
    triplets.examples.map((example) => ({ ...example, texts: example.texts.slice(0, 2) })),
  );
  const relations = relationsOf(filePath);
  for (const { texts, label } of triplets.examples) {
    const [anchor, positive, negative] = texts;
    expect(relations).toContain(JSON.stringify([anchor, positive, "entailment"]));
    expect(relations).toContain(JSON.stringify([anchor, negative, "contradiction"]));
    expect(label).toBe(5);
  }
});

/** Premise, hypothesis and relation of each row, read without the library. */
function relationsOf(filePath: string): Set<string> {
  const text = readFileSync(filePath, "utf8");
  type Row = { premise: string; hypothesis: string; gold_label: string };
  const rows = filePath.endsWith(".json")
    ? (JSON.parse(text) as Row[]).map((row) => [row.premise, row.hypothesis, row.gold_label])
    : text.split("\n").map((row) => row.replace(/\r$/, "").split("\t"));
  return new Set(rows.map((row) => JSON.stringify(row)));
}

/** In a process of its own: there the memory is that of reading alone, and Jest does not slow it. */
const readAll = `
  import { readTextLines } from "./dist/data/text-lines.js";
  const result = { count: 0, characters: 0, most: 0, outOfOrder: 0 };
  const before = process.memoryUsage.rss();
  for await (const { line, text } of readTextLines(process.argv[1])) {
    if (line !== ++result.count) result.outOfOrder++;
    result.characters += text.length;
    if (result.count % 50_000 === 0) {
      result.most = Math.max(result.most, process.memoryUsage.rss() - before);
    }
  }
  console.log(JSON.stringify(result));
`;

withData("all reviews of the corpus read, in no more memory than a part of the file", async () => {
  const filePath = path.join(shared, "corpus", "nsmc-reviews.txt.gz");
  const program = ["--input-type=module", "-e", readAll, filePath];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  const { count, characters, most, outOfOrder } = JSON.parse(stdout) as Record<string, number>;
  expect([count, outOfOrder]).toEqual([666_453, 0]);
  expect(characters).toBeGreaterThan(24_000_000);
  expect(most).toBeLessThan(60e6);
});

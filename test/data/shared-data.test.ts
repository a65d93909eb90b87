import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
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

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { Cleaner } from "../../../lib/text/cleaning/cleaner.js";
import type { CleaningOptions } from "../../../lib/text/cleaning/rules.js";

type Fixture = {
  texts: string[];
  cases: { name: string; rules: CleaningOptions; cleaned: string[] }[];
  corpora: { name: string; rules: CleaningOptions; n: number; changed: number; sha256: string }[];
};

const file = path.join("test", "fixtures", "cleaning", "cleaning.json");
const { texts, cases, corpora } = JSON.parse(readFileSync(file, "utf8")) as Fixture;

it.each(cases)("$name: texts become what Python's libraries make of them", ({ rules, cleaned }) => {
  const cleaner = new Cleaner(rules);
  expect(texts.map((text) => cleaner.clean(text))).toEqual(cleaned);
});

const shared = path.join(process.cwd(), "..", "shared", "data");
const present = existsSync(shared);
if (!present) console.warn(`Skipped: the benchmark data is not at ${shared}.`);

const readers: Record<string, () => string[]> = {
  korsts: () =>
    ["train", "dev", "test"].flatMap((part) => {
      const rows = readFileSync(path.join(shared, "korsts", `sts-${part}.tsv`), "utf8");
      const [, ...lines] = rows.trimEnd().split("\n");
      return lines.flatMap((line) => line.split("\t").slice(5, 7));
    }),
  reviews: () => {
    const bytes = gunzipSync(readFileSync(path.join(shared, "corpus", "nsmc-reviews.txt.gz")));
    return bytes.toString().split("\n").slice(0, 20_000);
  },
};

(present ? it : it.skip).each(corpora)(
  "all sentences of $name become what Python's libraries make of them: $rules",
  ({ name, rules, n, changed, sha256 }) => {
    const cleaner = new Cleaner(rules);
    const sentences = readers[name]!();
    const cleaned = sentences.map((text) => cleaner.clean(text));
    const different = cleaned.filter((text, i) => text !== sentences[i]).length;
    const hash = createHash("sha256").update(cleaned.map((text) => `${text}\n`).join(""));
    expect({ n: cleaned.length, changed: different }).toEqual({ n, changed });
    expect(hash.digest("hex")).toBe(sha256);
  },
);

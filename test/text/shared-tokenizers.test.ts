import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { Tokenizer } from "../../lib/text/tokenizer.js";
import type { Encoding } from "../../lib/text/tokenizer.js";
import { itWithShared, readFixture, shared } from "./support.js";

const DIGEST_ROWS = 500;
const REVIEWS = 5000;

/** Tokenizer to length to set to digests: see scripts/fixtures/tokenization.py. */
const expected = readFixture("shared.json") as Record<
  string,
  Record<string, Record<string, string[]>>
>;

type Row = readonly [string, string | null];

function readSets(): Map<string, Row[]> {
  const sets = new Map<string, Row[]>();
  for (const name of ["train", "dev", "test"]) {
    const text = readFileSync(path.join(shared, `data/korsts/sts-${name}.tsv`), "utf8");
    const lines = text.split("\n").slice(1).filter(Boolean);
    const pairs = lines.map((line): [string, string] => {
      const [first, second] = line.replace(/\r$/, "").split("\t").slice(5, 7);
      return [first!, second!];
    });
    sets.set(`${name} pairs`, pairs);
    sets.set(
      `${name} sentences`,
      pairs.flatMap((pair) => pair.map((sentence): Row => [sentence, null])),
    );
  }
  const reviews = gunzipSync(readFileSync(path.join(shared, "data/corpus/nsmc-reviews.txt.gz")));
  const lines = reviews.subarray(0, 2_000_000).toString("utf8").split("\n").slice(0, REVIEWS);
  sets.set(
    "reviews",
    lines.map((line): Row => [line, null]),
  );
  const hostile = readFixture("hostile.json") as string[];
  sets.set(
    "hostile sentences",
    hostile.map((sentence): Row => [sentence, null]),
  );
  sets.set(
    "hostile pairs",
    hostile.slice(1).map((second, i): Row => [hostile[i]!, second]),
  );
  return sets;
}

function digestsOf(encodings: Encoding[]): string[] {
  const digests: string[] = [];
  for (let start = 0; start < encodings.length; start += DIGEST_ROWS) {
    const hash = createHash("sha256");
    for (const { ids, typeIds } of encodings.slice(start, start + DIGEST_ROWS)) {
      hash.update(Int32Array.of(ids.length, ...ids, ...typeIds));
    }
    digests.push(hash.digest("hex").slice(0, 16));
  }
  return digests;
}

let sets: Map<string, Row[]> | undefined;

describe.each(Object.keys(expected))("%s", (name) => {
  itWithShared.each([512, 64, 16])(
    "Python's ids and type ids for all of KorSTS, reviews and hostile texts, at most %d tokens",
    async (maxLength) => {
      sets ??= readSets();
      const tokenizer = await Tokenizer.load(path.join(shared, "tokenizers", name));
      const digests: Record<string, string[]> = {};
      for (const [set, rows] of sets) {
        digests[set] = digestsOf(
          rows.map(([first, second]) =>
            second === null
              ? tokenizer.encode(first, maxLength)
              : tokenizer.encodePair(first, second, maxLength),
          ),
        );
      }
      expect(digests).toEqual(expected[name]![String(maxLength)]);
    },
  );
});

itWithShared("no tokenizer of the folder is left out", () => {
  expect(Object.keys(expected)).toEqual(readdirSync(path.join(shared, "tokenizers")).sort());
});

import { readFileSync } from "node:fs";
import path from "node:path";

import { Tokenizer } from "../../lib/text/tokenizer.js";
import { longestFirst } from "../../lib/text/truncation.js";
import {
  failureOf,
  fixtures,
  itWithShared,
  loadWith,
  readFixture,
  recomputed,
  shared,
} from "./support.js";
import type { ExpectedRow } from "./support.js";

const tiny = ["wordpiece", "unigram", "byte-bpe"] as const;
const loadTiny = (name: string) => Tokenizer.load(path.join(fixtures, name));

describe.each(tiny)("a %s tokenizer.json", (name) => {
  const rows = readFixture(`${name}/expected.json`) as ExpectedRow[];

  it("gives Python's ids, type ids and truncation for sentences and pairs", async () => {
    const tokenizer = await loadTiny(name);
    const right = rows.filter(({ side }) => side === "right");
    expect(right.some(({ truncated }) => truncated)).toBe(true);
    for (const row of right) expect(recomputed(tokenizer, row)).toEqual(row);
  });

  it("knows how many special tokens surround sentences, and the token for what is unknown", async () => {
    const tokenizer = await loadTiny(name);
    const { single, pair } = tokenizer.specialTokens;
    const length = (first: string) => tokenizer.encode(first, 100).ids.length - single;
    const both = tokenizer.encodePair("가나", "다", 100).ids.length - pair;
    expect(both).toBe(length("가나") + length("다"));
    const { unknownId } = tokenizer;
    // Every byte is a token of its own there.
    if (name === "byte-bpe") expect(unknownId).toBeNull();
    else expect(tokenizer.encode("𝄞", 100).ids).toContain(unknownId);
  });

  it.each(["tokenizer_config.json", "tokenizer.json"])(
    "cuts on the left if %s says so",
    async (file) => {
      const json = readFixture(`${name}/tokenizer.json`) as Record<string, unknown>;
      const truncation = { direction: "Left", max_length: 3, strategy: "LongestFirst", stride: 0 };
      const tokenizer = await loadWith(
        file === "tokenizer.json"
          ? { "tokenizer.json": { ...json, truncation } }
          : { "tokenizer.json": json, "tokenizer_config.json": { truncation_side: "left" } },
      );
      const left = rows.filter(({ side }) => side === "left");
      expect(left.some(({ truncated }) => truncated)).toBe(true);
      for (const row of left) expect(recomputed(tokenizer, row)).toEqual(row);
    },
  );

  it("survives texts that no sentence looks like", async () => {
    const tokenizer = await loadTiny(name);
    const texts = ["가".repeat(100_000), "\0".repeat(100_000), "e\u0301".repeat(30_000)];
    texts.push(
      "\ud83d",
      "a\udc00b",
      "👨\u200d👩\u200d👧 ".repeat(10_000),
      "<mask>[SEP]".repeat(5000),
    );
    for (const text of texts) {
      const { ids, typeIds } = tokenizer.encodePair(text, "", 64);
      expect(ids.length).toBeLessThanOrEqual(64);
      expect(typeIds.length).toBe(ids.length);
      expect(Math.max(...ids)).toBeLessThan(tokenizer.vocabularySize);
    }
    expect(tokenizer.encode("a\ud800b", 64)).toEqual(tokenizer.encode("a\ufffdb", 64));
  });
});

describe("the length", () => {
  it("is shared between the sentences as in Python", () => {
    for (const [first, second, room, ...kept] of readFixture("truncation.json") as [
      number,
      number,
      number,
      number,
      number,
    ][]) {
      expect([first, second, room, ...longestFirst(first, second, room)]).toEqual([
        first,
        second,
        room,
        ...kept,
      ]);
    }
  });

  it("must leave room for one token beside the special ones", async () => {
    const tokenizer = await loadTiny("wordpiece");
    expect(tokenizer.encodePair("비가 오다", "눈이 오다", 4).ids).toHaveLength(4);
    for (const maxLength of [3, 0, -1, 7.5, NaN, Infinity]) {
      const error = await failureOf(() => tokenizer.encodePair("비", "눈", maxLength));
      expect(error.code).toBe("INVALID_ARGUMENT");
      expect(error.message).toContain("4 or more");
    }
    expect((await failureOf(() => tokenizer.encode("비", 2))).message).toContain("3 or more");
  });
});

it("a sentence that is not a string is named", async () => {
  const tokenizer = await loadTiny("wordpiece");
  const error = await failureOf(() =>
    tokenizer.encodePair("비", undefined as unknown as string, 16),
  );
  expect(error.message).toBe("second: expected a string, got undefined.");
});

it("an added token that the model knows has the model's id", async () => {
  const json = readFixture("wordpiece/tokenizer.json") as Record<string, unknown>;
  const tokenizer = await loadWith({
    "tokenizer.json": { ...json, added_tokens: [{ id: 7, content: "[SEP]", special: true }] },
  });
  expect([...tokenizer.encode("[SEP]", 8).ids]).toEqual([2, 3, 3]);
});

it("ids read back as tokens", async () => {
  const tokenizer = await loadTiny("wordpiece");
  const { ids } = tokenizer.encode("<PERSON> !", 16);
  expect(tokenizer.tokensOf(ids)).toEqual(["[CLS]", "<PERSON>", "!", "[SEP]"]);
  expect(tokenizer.tokensOf([-1, 1_000_000])).toEqual(["", ""]);
});

describe("the limits that the files name", () => {
  const json = readFixture("wordpiece/tokenizer.json") as Record<string, unknown>;
  const load = (config: unknown) =>
    loadWith({ "tokenizer.json": json, "tokenizer_config.json": config });

  it.each([
    [{ model_max_length: 512 }, 512],
    [{ max_len: 128 }, 128],
    [{ model_max_length: 1e30 }, null],
    [{}, null],
  ])("%j", async (config, limit) => {
    expect((await load(config)).modelMaxLength).toBe(limit);
  });

  it("count an added token into the vocabulary", async () => {
    const [last] = (json.added_tokens as { id: number }[]).slice(-1);
    expect((await load({})).vocabularySize).toBe(last!.id + 1);
  });
});

itWithShared("klue: the pair whose ids are known", async () => {
  const tokenizer = await Tokenizer.load(path.join(shared, "tokenizers/klue-roberta-base"));
  const { ids, typeIds, truncated } = tokenizer.encodePair(
    "스릴도있고 반전도 있고 여느 한국영화 쓰레기들하고는 차원이 다르네요~",
    "반전도 있고,사랑도 있고재미도있네요.",
    512,
  );
  expect([...ids].join(" ")).toBe(
    "0 15314 2119 2689 2088 8984 2119 1513 2088 11934 3629 16516 6614 2031 19521 2259 4540 2052 4405 2203 2182 97 2 8984 2119 1513 2088 16 3784 2119 1513 2088 2070 2044 2119 2689 2203 2182 18 2",
  );
  expect(typeIds.every((typeId) => typeId === 0)).toBe(true);
  expect(truncated).toBe(false);
});

itWithShared("a pair takes no more than a fifteen-thousandth of a second", async () => {
  const tokenizer = await Tokenizer.load(path.join(shared, "tokenizers/klue-roberta-base"));
  const lines = readFileSync(path.join(shared, "data/korsts/sts-dev.tsv"), "utf8").split("\n");
  const pairs = lines.slice(1, -1).map((line) => line.split("\t").slice(5, 7));
  const seconds = Array.from({ length: 8 }, () => {
    const start = performance.now();
    for (const [first, second] of pairs) tokenizer.encodePair(first!, second!, 128);
    return (performance.now() - start) / 1000;
  });
  expect(pairs.length / Math.min(...seconds)).toBeGreaterThan(15_000);
});

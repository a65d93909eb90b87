import { StsError } from "../../lib/foundation/errors.js";
import { failureOf, loadWith, readFixture } from "./support.js";

type Json = Record<string, unknown>;
const wordpiece = readFixture("wordpiece/tokenizer.json") as Json;
const unigram = readFixture("unigram/tokenizer.json") as Json;
const bytes = readFixture("byte-bpe/tokenizer.json") as Json;

/** Numbers in [0, 1), the same on every run. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const poison: unknown[] = [
  ...[null, true, -1, 1.5, 1e300, "", "x", "\ud800", [], {}, [[]], ["a", "b"]],
  ...[{ type: "Sequence" }, { type: "ByteLevel" }],
  ...[{ String: "" }, { Regex: "(" }, { Regex: "\\p{Nope}" }],
];

/** A copy in which one value somewhere is another, or is gone. */
function mutate(json: Json, uniform: () => number): Json {
  const copy = structuredClone(json);
  let parent: Json = copy;
  for (;;) {
    const keys = Object.keys(parent);
    const key = keys[Math.floor(uniform() * keys.length)]!;
    const child = parent[key];
    const isInner = typeof child === "object" && child !== null && Object.keys(child).length > 0;
    if (isInner && uniform() < 0.85) {
      parent = child as Json;
    } else {
      if (uniform() < 0.2 && !Array.isArray(parent)) Reflect.deleteProperty(parent, key);
      else parent[key] = structuredClone(poison[Math.floor(uniform() * poison.length)]);
      return copy;
    }
  }
}

it.each([
  ["wordpiece", wordpiece],
  ["unigram", unigram],
  ["byte-bpe", bytes],
])("a mutated %s tokenizer.json loads and encodes, or fails with an StsError", async (_, json) => {
  const uniform = uniforms(7);
  const failures = new Set<string>();
  for (let round = 0; round < 300; round += 1) {
    const mutated = mutate(json, uniform);
    try {
      const tokenizer = await loadWith({ "tokenizer.json": mutated });
      tokenizer.encodePair("비가 <mask> 오다 [SEP] abc\n", "The É 漢字 ㅋㅋ!", 32);
    } catch (error) {
      if (!(error instanceof StsError)) throw error;
      failures.add(error.code);
    }
  }
  expect([...failures].sort()).toEqual(["CHECKPOINT_CORRUPT", "UNSUPPORTED_MODEL"]);
});

it("a component nested beyond the stack is an StsError", async () => {
  const depth = 100_000;
  const nested = `${'{"type":"Sequence","normalizers":['.repeat(depth)}${"]}".repeat(depth)}`;
  const text = JSON.stringify({ ...wordpiece, normalizer: 0 }).replace(
    '"normalizer":0',
    `"normalizer":${nested}`,
  );
  expect((await failureOf(() => loadWith({ "tokenizer.json": text }))).code).toBe(
    "CHECKPOINT_CORRUPT",
  );
});

import path from "node:path";

import { Tokenizer } from "../../lib/text/tokenizer.js";
import { failureOf, fixtures, itWithShared, loadWith, readFixture, shared } from "./support.js";

type Json = Record<string, unknown>;
const wordpiece = readFixture("wordpiece/tokenizer.json") as Json;
const unigram = readFixture("unigram/tokenizer.json") as Json;

const idOf = (tokenizer: Tokenizer, token: string): number => {
  const ids = Array.from({ length: tokenizer.vocabularySize }, (_, id) => id);
  return tokenizer.tokensOf(ids).indexOf(token);
};
/** The tokenizer.json with one token less, and what follows in its place. */
const renamed = (json: Json, from: string, to: string) =>
  JSON.parse(JSON.stringify(json).replaceAll(JSON.stringify(from), JSON.stringify(to))) as Json;

it.each([
  ["wordpiece", "[MASK]", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<PERSON>"]],
  ["unigram", "<mask>", ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]],
  ["byte-bpe", "<mask>", ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]],
])(
  "%s: the mask and the special tokens are found without a configuration",
  async (name, mask, special) => {
    const tokenizer = await Tokenizer.load(path.join(fixtures, name));
    const { maskId, vocabularySize, isSpecial } = tokenizer.masking;
    expect(maskId).toBe(idOf(tokenizer, mask));
    expect(vocabularySize).toBe(tokenizer.vocabularySize);
    const ids = Array.from({ length: vocabularySize }, (_, id) => id);
    const found = tokenizer.tokensOf(ids.filter(isSpecial)).filter(Boolean);
    expect(found.sort()).toEqual([...special].sort());
  },
);

it("ids that no token has are never drawn", async () => {
  const added = [...(wordpiece.added_tokens as Json[]), { id: 900, content: "<LAST>" }];
  const tokenizer = await loadWith({ "tokenizer.json": { ...wordpiece, added_tokens: added } });
  const { isSpecial, vocabularySize } = tokenizer.masking;
  expect(vocabularySize).toBe(901);
  expect([700, 900, 901, -1].map(isSpecial)).toEqual([true, false, true, true]);
});

it.each([
  ["tokenizer_config.json", "as text", "<hidden>"],
  ["tokenizer_config.json", "as an object", { content: "<hidden>", lstrip: true }],
  ["special_tokens_map.json", "as text", "<hidden>"],
  ["special_tokens_map.json", "as an object", { content: "<hidden>", lstrip: true }],
])("a mask token of another name is read from %s, %s", async (file, _, token) => {
  const json = renamed(wordpiece, "[MASK]", "<hidden>");
  const tokenizer = await loadWith({ "tokenizer.json": json, [file]: { mask_token: token } });
  expect(tokenizer.masking.maskId).toBe(4);
  expect(tokenizer.masking.isSpecial(4)).toBe(true);
});

it("the mask of tokenizer_config.json goes before that of special_tokens_map.json", async () => {
  const tokenizer = await loadWith({
    "tokenizer.json": wordpiece,
    "tokenizer_config.json": { mask_token: "[MASK]" },
    "special_tokens_map.json": { mask_token: "[PAD]" },
  });
  expect(tokenizer.masking.maskId).toBe(4);
});

it("a vocab.txt has its mask too", async () => {
  const tokenizer = await loadWith({
    "vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n비\n##가\n",
  });
  const { maskId, isSpecial, startsWord } = tokenizer.masking;
  expect(maskId).toBe(4);
  expect([0, 1, 2, 3, 4, 5, 6].map(isSpecial)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect([5, 6].map(startsWord)).toEqual([true, false]);
});

describe("a tokenizer without a mask token still encodes, and masking says what is missing", () => {
  it.each([
    ["under a usual name", wordpiece, "[MASK]", {}, 'no "[MASK]" or "<mask>"'],
    ["under the name given", wordpiece, "", { mask_token: "<hidden>" }, 'no "<hidden>"'],
    ["in Unigram", unigram, "<mask>", {}, 'no "[MASK]" or "<mask>"'],
  ])("%s", async (_, json, absent, config, message) => {
    const tokenizer = await loadWith({
      "tokenizer.json": absent === "" ? json : renamed(json, absent, "<other>"),
      "tokenizer_config.json": config,
    });
    expect(tokenizer.encode("비가 오다", 16).ids.length).toBeGreaterThan(2);
    const error = await failureOf(() => tokenizer.masking);
    expect(error.code).toBe("UNSUPPORTED_MODEL");
    expect(error.message).toMatch(/tokenizer\.json: the tokenizer has no mask token/);
    expect(error.message).toContain(message);
    expect(error.message).toContain("mask_token in tokenizer_config.json");
  });
});

it("a damaged special_tokens_map.json is named", async () => {
  const files = { "tokenizer.json": wordpiece, "special_tokens_map.json": { mask_token: 4 } };
  const tokenizer = await loadWith(files);
  const error = await failureOf(() => tokenizer.masking);
  expect(error.code).toBe("CHECKPOINT_CORRUPT");
  expect(error.message).toContain("special_tokens_map.json");
  expect(error.message).toContain("mask_token");
});

describe("where a word starts", () => {
  const startsOf = async (json: Json, tokens: string[]) => {
    const tokenizer = await loadWith({ "tokenizer.json": json });
    return tokens.map((token) => tokenizer.masking.startsWord(idOf(tokenizer, token)));
  };
  const model = (changes: Json) => ({
    ...wordpiece,
    model: {
      ...(wordpiece.model as Json),
      vocab: {
        "[PAD]": 0,
        "[UNK]": 1,
        "[CLS]": 2,
        "[SEP]": 3,
        "[MASK]": 4,
        "##비": 5,
        "@@비": 6,
        비: 7,
      },
      ...changes,
    },
  });

  it("is said by the model's own prefix", async () => {
    const tokens = ["##비", "@@비", "비"];
    expect(await startsOf(model({}), tokens)).toEqual([false, true, true]);
    const other = model({ continuing_subword_prefix: "@@" });
    expect(await startsOf(other, tokens)).toEqual([true, false, true]);
    const none = model({ continuing_subword_prefix: "" });
    expect(await startsOf(none, tokens)).toEqual([true, true, true]);
  });

  it("is said by the pre-tokenizer's mark, and is every token where there is none", async () => {
    expect(await startsOf(unigram, ["▁c", "c"])).toEqual([true, false]);
    const pre_tokenizer = { type: "WhitespaceSplit" };
    expect(await startsOf({ ...unigram, pre_tokenizer }, ["▁c", "c"])).toEqual([true, true]);
    const own = { type: "Metaspace", replacement: "c", prepend_scheme: "always" };
    expect(await startsOf({ ...unigram, pre_tokenizer: own }, ["▁c", "c"])).toEqual([false, true]);
  });
});

itWithShared("klue: [MASK] is 4 and the five special tokens are the first", async () => {
  const tokenizer = await Tokenizer.load(path.join(shared, "tokenizers/klue-roberta-base"));
  const { maskId, vocabularySize, isSpecial } = tokenizer.masking;
  expect([maskId, vocabularySize]).toEqual([4, 32_000]);
  const ids = Array.from({ length: vocabularySize }, (_, id) => id);
  expect(ids.filter(isSpecial)).toEqual([0, 1, 2, 3, 4]);
});

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { Tokenizer } from "../../lib/text/tokenizer.js";
import {
  directoryWith,
  failureOf,
  fixtures,
  itWithShared,
  loadWith,
  readFixture,
  shared,
} from "./support.js";

const texts = readFixture("hostile.json") as string[];
const saved = async (tokenizer: Tokenizer) => {
  const directory = path.join(directoryWith(), "model");
  await tokenizer.save(directory);
  return directory;
};
const readJson = (directory: string, name: string) =>
  JSON.parse(readFileSync(path.join(directory, name), "utf8")) as Record<string, unknown>;

function expectSame(a: Tokenizer, b: Tokenizer): void {
  for (const text of texts) {
    expect(b.encodePair(text, "비가 오다", 32)).toEqual(a.encodePair(text, "비가 오다", 32));
  }
  expect(b.vocabularySize).toBe(a.vocabularySize);
  expect(b.modelMaxLength).toBe(a.modelMaxLength);
}

it("a saved tokenizer.json is the file that was loaded, also after that is gone", async () => {
  const original = readFileSync(path.join(fixtures, "unigram/tokenizer.json"), "utf8");
  const tokenizer = await loadWith({
    "tokenizer.json": original,
    "tokenizer_config.json": {
      tokenizer_class: "XLMRobertaTokenizer",
      pad_token: "<pad>",
      model_max_length: 64,
    },
    "special_tokens_map.json": { pad_token: "<pad>" },
  });
  const directory = await saved(tokenizer);
  expect(readdirSync(directory).sort()).toEqual([
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
  expect(readFileSync(path.join(directory, "tokenizer.json"), "utf8")).toBe(original);
  expect(readJson(directory, "tokenizer_config.json")).toEqual({
    tokenizer_class: "PreTrainedTokenizerFast",
    model_input_names: ["input_ids", "token_type_ids", "attention_mask"],
    pad_token: "<pad>",
    model_max_length: 64,
  });
  expectSame(tokenizer, await Tokenizer.load(directory));
});

it("a saved vocab.txt gets the tokenizer.json that is equal to it", async () => {
  const vocabulary = readFileSync(path.join(fixtures, "vocabulary/vocab.txt"), "utf8");
  const tokenizer = await loadWith({
    "vocab.txt": vocabulary,
    "tokenizer_config.json": { do_lower_case: false, model_max_length: 512 },
    "added_tokens.json": { "<PERSON>": 5000 },
  });
  const directory = await saved(tokenizer);
  expect(readFileSync(path.join(directory, "vocab.txt"), "utf8")).toBe(vocabulary);
  expect(readJson(directory, "tokenizer_config.json")).toMatchObject({
    tokenizer_class: "PreTrainedTokenizerFast",
    do_lower_case: false,
    strip_accents: false,
    model_max_length: 512,
    cls_token: "[CLS]",
    pad_token: "[PAD]",
  });
  expect(Object.keys(readJson(directory, "tokenizer.json"))).toContain("added_tokens");
  expectSame(tokenizer, await Tokenizer.load(directory));
});

it("a tokenizer can be saved where it was loaded from", async () => {
  const directory = directoryWith({ "vocab.txt": "[UNK]\n[CLS]\n[SEP]\n비\n" });
  const tokenizer = await Tokenizer.load(directory);
  await tokenizer.save(directory);
  expectSame(tokenizer, await Tokenizer.load(directory));
});

it("a place that cannot be written to is named", async () => {
  const tokenizer = await Tokenizer.load(path.join(fixtures, "wordpiece"));
  const file = path.join(directoryWith({ taken: "" }), "taken");
  const error = await failureOf(() => tokenizer.save(file));
  expect(error.code).toBe("IO_FAILED");
  expect(error.message).toContain(file);
});

itWithShared.each(["klue-roberta-base", "koelectra-v3", "kr-sbert-v40k"])(
  "%s is the same after saving",
  async (name) => {
    const tokenizer = await Tokenizer.load(path.join(shared, "tokenizers", name));
    expectSame(tokenizer, await Tokenizer.load(await saved(tokenizer)));
  },
);

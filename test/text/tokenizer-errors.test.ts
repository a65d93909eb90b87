import path from "node:path";

import { Tokenizer } from "../../lib/text/tokenizer.js";
import { directoryWith, failureOf, loadWith, readFixture } from "./support.js";

type Json = Record<string, unknown>;
const wordpiece = readFixture("wordpiece/tokenizer.json") as Json;
const unigram = readFixture("unigram/tokenizer.json") as Json;
const bytes = readFixture("byte-bpe/tokenizer.json") as Json;

const failureWith = (files: Json) => failureOf(() => loadWith(files));
const failureOfJson = (json: unknown) => failureWith({ "tokenizer.json": json });
const modelOf = (json: Json, changes: Json) => ({
  ...json,
  model: { ...(json.model as Json), ...changes },
});

describe("an error names the file and what to do", () => {
  it("where there is no tokenizer", async () => {
    const directory = directoryWith({ "config.json": {} });
    const error = await failureOf(() => Tokenizer.load(directory));
    expect(error.code).toBe("NOT_FOUND");
    expect(error.message).toContain(`${directory}: no tokenizer found`);
    expect(error.message).toContain("tokenizer.json and vocab.txt");
  });

  it("where the directory does not exist", async () => {
    const error = await failureOf(() => Tokenizer.load(path.join(directoryWith(), "missing")));
    expect(error.code).toBe("NOT_FOUND");
  });

  it("where the file is a directory", async () => {
    const error = await failureOf(() => Tokenizer.load(path.join(process.cwd(), "package.json")));
    expect(error.code).toBe("NOT_FOUND");
  });

  it.each([
    ["no JSON", "{", "tokenizer.json: is not JSON"],
    ["another value", "[1]", "tokenizer.json: Invalid input: expected record"],
    ["not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "tokenizer.json: is not UTF-8"],
    ["no model", {}, "tokenizer.json: model: Invalid input"],
    ["a token's id", modelOf(wordpiece, { vocab: { "[UNK]": "1" } }), 'id of "[UNK]"'],
    ["no [UNK]", modelOf(wordpiece, { vocab: { a: 0 } }), 'the unknown token "[UNK]" is not in it'],
    ["unk_id", modelOf(unigram, { unk_id: 10_000 }), "unk_id: 10000 is beyond the vocabulary"],
    ["a merge", modelOf(bytes, { merges: ["a  b"] }), "model.merges.0: does not join"],
    ["a merge of the unknown", modelOf(bytes, { merges: [["ZZ", "a"]] }), "model.merges.0"],
    [
      "a pattern",
      { ...wordpiece, normalizer: { type: "Replace", pattern: { Regex: "(" }, content: "" } },
      "does not describe a tokenizer (SyntaxError",
    ],
    [
      "added tokens",
      { ...wordpiece, added_tokens: [{ id: -1, content: "x" }] },
      "added_tokens.0.id",
    ],
    [
      "a character map",
      { ...wordpiece, normalizer: { type: "Precompiled", precompiled_charsmap: "AAAAAA==" } },
      "precompiled_charsmap: its size",
    ],
    [
      "a template",
      {
        ...wordpiece,
        post_processor: { type: "TemplateProcessing", single: [], pair: [], special_tokens: {} },
      },
      "post_processor.single: expected each",
    ],
    [
      "a template's token",
      {
        ...wordpiece,
        post_processor: {
          type: "TemplateProcessing",
          single: [{ SpecialToken: { id: "toString", type_id: 0 } }],
          pair: [],
          special_tokens: {},
        },
      },
      '"toString" is not in special_tokens',
    ],
  ])("where tokenizer.json is damaged: %s", async (_, json, message) => {
    const error = await failureOfJson(json);
    expect(error.message).toContain(message);
    expect(error.message).toContain("tokenizer.json");
    expect(error.code).toBe("CHECKPOINT_CORRUPT");
  });

  it.each([
    ["model", { ...wordpiece, model: { type: "WordLevel", vocab: {} } }, '"WordLevel"'],
    ["normalizer", { ...wordpiece, normalizer: { type: "Nmt" } }, '"Nmt"'],
    [
      "pre_tokenizer",
      {
        ...wordpiece,
        pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "UnicodeScripts" }] },
      },
      '"UnicodeScripts"',
    ],
    ["post_processor", { ...wordpiece, post_processor: { type: "Other" } }, '"Other"'],
    ["byte_fallback", modelOf(unigram, { byte_fallback: true }), "byte_fallback: true"],
    ["dropout", modelOf(bytes, { dropout: 0.1 }), "dropout: 0.1"],
    [
      "prepend_scheme",
      { ...unigram, pre_tokenizer: { type: "Metaspace", prepend_scheme: "first" } },
      '"first"',
    ],
  ])("where a component is not supported: %s", async (key, json, message) => {
    const error = await failureOfJson(json);
    expect(error.code).toBe("UNSUPPORTED_MODEL");
    expect(error.message).toContain(message);
    expect(error.message).toMatch(new RegExp(`tokenizer\\.json: .*${key}`));
    expect(error.message).toContain("Supported: ");
  });

  it("where tokenizer_config.json is damaged", async () => {
    const error = await failureWith({
      "tokenizer.json": wordpiece,
      "tokenizer_config.json": { truncation_side: "up" },
    });
    expect(error.code).toBe("CHECKPOINT_CORRUPT");
    expect(error.message).toContain("tokenizer_config.json");
    expect(error.message).toContain("truncation_side");
  });
});

import { readFileSync } from "node:fs";
import path from "node:path";

import { failureOf, fixtures, loadWith, readFixture, recomputed } from "./support.js";
import type { ExpectedRow } from "./support.js";

const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const file = (...words: string[]) => `${[...special, ...words].join("\n")}\n`;
const tokensOf = async (files: Record<string, unknown>, text: string) => {
  const tokenizer = await loadWith(files);
  return tokenizer.tokensOf(tokenizer.encode(text, 64).ids).slice(1, -1).join(" ");
};

interface Case {
  options: Record<string, unknown>;
  rows: ExpectedRow[];
}
const vocabulary = readFileSync(path.join(fixtures, "vocabulary/vocab.txt"), "utf8");

describe("a vocab.txt gives Python's ids with", () => {
  it.each(readFixture("vocabulary/expected.json") as Case[])(
    "$options",
    async ({ options, rows }) => {
      const tokenizer = await loadWith({
        "vocab.txt": vocabulary,
        "tokenizer_config.json": options,
      });
      for (const row of rows) expect(recomputed(tokenizer, row)).toEqual(row);
    },
  );
});

describe("a vocab.txt alone", () => {
  it("is cased where it holds an upper-case word", async () => {
    const files = { "vocab.txt": file("seoul", "Seoul", "한국") };
    expect(await tokensOf(files, "Seoul seoul SEOUL 한국")).toBe("Seoul seoul [UNK] 한국");
  });

  it("is uncased where it holds none, whatever its markers", async () => {
    expect(await tokensOf({ "vocab.txt": file("seoul", "[Unused1]", "cafe") }, "SEOUL Café")).toBe(
      "seoul cafe",
    );
  });

  it("keeps accents, and Hangul syllables whole, where it holds them", async () => {
    const files = { "vocab.txt": file("seoul", "한국", "é") };
    expect(await tokensOf(files, "SEOUL 한국 É")).toBe("seoul 한국 é");
  });

  it("is overruled by its options", async () => {
    const options = { do_lower_case: true, strip_accents: false };
    const files = { "vocab.txt": file("seoul", "Seoul"), "tokenizer_config.json": options };
    expect(await tokensOf(files, "Seoul")).toBe("seoul");
  });
});

it("line ends of Windows are no part of the tokens", async () => {
  const files = { "vocab.txt": file("비", "눈").replaceAll("\n", "\r\n") };
  expect(await tokensOf(files, "눈 비")).toBe("눈 비");
});

it("special tokens may have other names", async () => {
  const words = ["<pad>", "<unk>", "<s>", "</s>", "비"];
  const tokenizer = await loadWith({
    "vocab.txt": words.join("\n"),
    "tokenizer_config.json": { unk_token: "<unk>", cls_token: { content: "<s>" } },
    "special_tokens_map.json": { sep_token: { content: "</s>", lstrip: false } },
  });
  expect([...tokenizer.encodePair("비", "눈 </s>", 16).ids]).toEqual([2, 4, 3, 1, 3, 3]);
});

describe("tokens that were added to the vocabulary", () => {
  const vocabularyFile = { "vocab.txt": file("비", "님", "<", "person", ">", "##님") };

  it.each([
    ["added_tokens.json", { "added_tokens.json": { "<PERSON>": 11 } }],
    [
      "tokenizer_config.json",
      {
        "tokenizer_config.json": {
          added_tokens_decoder: { 11: { content: "<PERSON>", special: true } },
        },
      },
    ],
  ])("of %s have their ids", async (_, files) => {
    const tokenizer = await loadWith({ ...vocabularyFile, ...files });
    expect([...tokenizer.encode("비 <PERSON>님", 16).ids]).toEqual([2, 5, 11, 6, 3]);
    expect(tokenizer.vocabularySize).toBe(12);
  });

  it("are lowercased with the text, unless they are special", async () => {
    const files = { ...vocabularyFile, "added_tokens.json": { "<PERSON>": 11 } };
    expect(await tokensOf(files, "<person>")).toBe("<PERSON>");
    const options = { additional_special_tokens: ["<PERSON>"] };
    expect(await tokensOf({ ...files, "tokenizer_config.json": options }, "<person>")).toBe(
      "< person >",
    );
  });

  it("as special ones of the vocabulary are found in the text", async () => {
    const files = {
      "vocab.txt": file("비", "<PERSON>"),
      "tokenizer_config.json": { additional_special_tokens: ["<PERSON>"] },
    };
    expect(await tokensOf(files, "비<PERSON>비")).toBe("비 <PERSON> 비");
  });
});

describe("an error names vocab.txt", () => {
  const errorWith = (files: Record<string, unknown>) => failureOf(() => loadWith(files));

  it("where a special token is missing", async () => {
    const error = await errorWith({ "vocab.txt": "[PAD]\n[UNK]\n[SEP]\n" });
    expect(error.code).toBe("CHECKPOINT_CORRUPT");
    expect(error.message).toMatch(/vocab\.txt: the special token "\[CLS\]" is not in it/);
  });

  it("where an added token has no number", async () => {
    const error = await errorWith({
      "vocab.txt": file(),
      "added_tokens.json": { "<PERSON>": "x" },
    });
    expect(error.code).toBe("CHECKPOINT_CORRUPT");
    expect(error.message).toMatch(/added tokens of .*vocab\.txt\.0\.id/);
  });

  it("where a special token has no id", async () => {
    const error = await errorWith({
      "vocab.txt": file(),
      "tokenizer_config.json": { additional_special_tokens: ["<PERSON>"] },
    });
    expect(error.code).toBe("CHECKPOINT_CORRUPT");
    expect(error.message).toContain('"<PERSON>"');
  });

  it("where it belongs to another kind of tokenizer", async () => {
    const error = await errorWith({
      "vocab.txt": file("비"),
      "tokenizer_config.json": { tokenizer_class: "BertJapaneseTokenizer" },
    });
    expect(error.code).toBe("UNSUPPORTED_MODEL");
    expect(error.message).toMatch(/vocab\.txt.*"BertJapaneseTokenizer"/);
  });

  it("where it is not UTF-8", async () => {
    const error = await errorWith({ "vocab.txt": Buffer.from([0xb0, 0xa1, 0x0a]) });
    expect(error.message).toMatch(/vocab\.txt: is not UTF-8/);
  });
});

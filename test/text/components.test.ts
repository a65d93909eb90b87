import { createNormalizer } from "../../lib/text/normalizers.js";
import { createPreTokenizer } from "../../lib/text/pre-tokenizers.js";
import { createSubwordModel } from "../../lib/text/subword-models.js";
import { readFixture } from "./support.js";

/** A part of a tokenizer.json, and what Python makes of each text with it. */
type Component<Result> = [config: { type: string }, results: Result[]];

const { texts, words, normalizers, preTokenizers, models } = readFixture("components.json") as {
  texts: string[];
  words: string[];
  normalizers: Component<string>[];
  preTokenizers: Component<string[]>[];
  models: Component<number[]>[];
};

it.each(normalizers)("the normalizer %j gives Python's texts", (config, expected) => {
  const normalize = createNormalizer(config, "normalizer");
  expect(texts.map((text) => [text, normalize(text)])).toEqual(
    texts.map((text, i) => [text, expected[i]]),
  );
});

it.each(preTokenizers)("the pre-tokenizer %j gives Python's words", (config, expected) => {
  const preTokenize = createPreTokenizer(config, "pre_tokenizer");
  // An empty text never gets as far as a pre-tokenizer.
  const pairs = texts
    .map((text, i) => [text, expected[i]] as const)
    .filter(([text]) => text !== "");
  expect(pairs.map(([text]) => [text, preTokenize(text)])).toEqual(pairs);
});

it.each(models)("the model %j gives Python's ids", (config, expected) => {
  const model = createSubwordModel(config, "model");
  expect(words.map((word) => [word, model.encode([word])])).toEqual(
    words.map((word, i) => [word, expected[i]]),
  );
});

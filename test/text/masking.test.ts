import { readFileSync } from "node:fs";
import path from "node:path";

import { Random } from "../../lib/data/random.js";
import { maskTokens } from "../../lib/text/masking.js";
import type { MaskedEncoding, MaskingFacts } from "../../lib/text/masking.js";
import { Tokenizer } from "../../lib/text/tokenizer.js";
import { failureOf, fixtures, itWithShared, shared } from "./support.js";

const CLS = 0;
const SEP = 1;
const MASK = 2;

/** 3 special tokens, 1000 that start a word and 1000 that go on with one. */
const facts: MaskingFacts = {
  maskId: MASK,
  vocabularySize: 2003,
  isSpecial: (id) => id < 3,
  startsWord: (id) => id < 1003,
};

function encodingOf(words: number[][]) {
  const ids = Int32Array.of(CLS, ...words.flat(), SEP);
  return { ids, typeIds: new Int32Array(ids.length) };
}

/** Words of that many tokens: 3, 1003 1004 1005, 4, … */
function wordsOf(lengths: number[]): number[][] {
  let next = 0;
  return lengths.map((length, i) => [
    3 + i,
    ...Array.from({ length: length - 1 }, () => 1003 + next++),
  ]);
}

/** The places of each word of an encoding, found without the library. */
function places(words: number[][]): number[][] {
  let position = 1;
  return words.map((word) => word.map(() => position++));
}

function expectWhole(words: number[][], { positions }: MaskedEncoding): void {
  const chosen = new Set(positions);
  for (const word of words) {
    const count = word.filter((position) => chosen.has(position)).length;
    expect([0, word.length]).toContain(count);
  }
}

/** Within five standard deviations of a binomial distribution. */
function expectShare(count: number, of: number, share: number): void {
  const deviation = Math.sqrt((share * (1 - share)) / of);
  expect(Math.abs(count / of - share)).toBeLessThan(5 * deviation);
}

/** What became of the tokens to be predicted. */
function tally(masked: MaskedEncoding[]) {
  const counts = { hidden: 0, exchanged: 0, kept: 0, all: 0 };
  for (const { ids, positions, targets } of masked) {
    for (const [i, position] of positions.entries()) {
      counts.all++;
      if (ids[position] === MASK) counts.hidden++;
      else if (ids[position] === targets[i]) counts.kept++;
      else counts.exchanged++;
    }
  }
  return counts;
}

describe.each([true, false])("with wholeWord: %p", (wholeWord) => {
  const lengths = [1, 3, 2, 1, 1, 4, 2, 1, 2, 3, 1, 1, 2, 1, 1, 5, 1, 3, 2, 1, 1, 1];
  const words = wordsOf(lengths);
  const encoding = encodingOf(words);
  const draw = (random: Random, probability?: number) =>
    maskTokens(encoding, facts, random, { wholeWord, ...(probability && { probability }) });

  it("15 % of the tokens are predicted: 80 % hidden, 10 % exchanged, 10 % as they were", () => {
    const random = new Random(1);
    const masked = Array.from({ length: 4000 }, () => draw(random));
    const { all, hidden, exchanged, kept } = tally(masked);
    const tokens = 4000 * words.flat().length;
    // 15 % of 40 tokens is 6; now and then no word of the right length is left for the last one.
    expect(all / tokens).toBeLessThanOrEqual(0.15);
    expect(all / tokens).toBeGreaterThan(0.14);
    if (!wholeWord) expect(all / tokens).toBe(0.15);
    expectShare(hidden, all, 0.8);
    expectShare(exchanged, all, 0.1);
    expectShare(kept, all, 0.1);
  });

  it("another probability is another share", () => {
    const random = new Random(2);
    const masked = Array.from({ length: 500 }, () => draw(random, 0.4));
    expect(tally(masked).all / (500 * words.flat().length)).toBeCloseTo(0.4, 1);
    expect(draw(random, 1).positions).toHaveLength(words.flat().length);
  });

  it("the targets are the tokens that stood there, the places ascend, the rest is as it was", () => {
    const random = new Random(3);
    const before = encoding.ids.slice();
    for (let i = 0; i < 500; i++) {
      const { ids, typeIds, positions, targets } = draw(random);
      expect(typeIds).toEqual(encoding.typeIds);
      expect([...positions]).toEqual([...new Set(positions)].sort((a, b) => a - b));
      const restored = ids.slice();
      for (const [i, position] of positions.entries()) restored[position] = targets[i]!;
      expect(restored).toEqual(before);
    }
    expect(encoding.ids).toEqual(before);
  });

  it("special tokens are neither predicted nor drawn", () => {
    const random = new Random(4);
    const few = { ...facts, vocabularySize: 6, startsWord: () => true };
    const ids = Int32Array.of(CLS, 3, 4, SEP, 5, 3, SEP);
    for (let i = 0; i < 2000; i++) {
      const masked = maskTokens({ ids, typeIds: ids }, few, random, {
        probability: 0.5,
        wholeWord,
      });
      for (const [place, id] of masked.ids.entries()) {
        const wasSpecial = few.isSpecial(ids[place]!);
        if (wasSpecial) expect(id).toBe(ids[place]);
        else expect(id).toBeGreaterThanOrEqual(MASK);
      }
      for (const place of masked.positions) expect(few.isSpecial(ids[place]!)).toBe(false);
    }
  });

  it("every word is as likely as another of its length, and so is every token that is drawn", () => {
    const random = new Random(5);
    const single = encodingOf(wordsOf(Array<number>(20).fill(1)));
    const small = { ...facts, vocabularySize: 13 };
    const chosen = new Map<number, number>();
    const drawn = new Map<number, number>();
    const count = (map: Map<number, number>, key: number) => map.set(key, (map.get(key) ?? 0) + 1);
    for (let i = 0; i < 10_000; i++) {
      const { ids, positions } = maskTokens(single, small, random, { wholeWord });
      for (const place of positions) {
        count(chosen, place);
        // The token of the first word is 3; what takes its place otherwise was drawn.
        if (place === 1 && ids[place] !== MASK) count(drawn, ids[place]!);
      }
    }
    expect(chosen.size).toBe(20);
    for (const times of chosen.values()) expectShare(times, 10_000, 0.15);
    const exchanged = [...drawn].filter(([id]) => id !== 3);
    expect(exchanged.map(([id]) => id).sort((a, b) => a - b)).toEqual([
      4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
  });

  it("the same state of the generator gives the same masks, and another state others", () => {
    const random = new Random(6);
    const state = random.state();
    const first = Array.from({ length: 20 }, () => draw(random));
    random.restore(state);
    expect(Array.from({ length: 20 }, () => draw(random))).toEqual(first);
    expect(Array.from({ length: 20 }, () => draw(random))).not.toEqual(first);
  });

  it("a sentence of special tokens only has nothing to predict", () => {
    const { ids, positions, targets } = maskTokens(encodingOf([]), facts, new Random(7), {
      wholeWord,
    });
    expect([[...ids], positions.length, targets.length]).toEqual([[CLS, SEP], 0, 0]);
  });

  it("never more than 512 tokens are predicted", () => {
    const long = encodingOf(wordsOf(Array<number>(900).fill(1)));
    const options = { probability: 1, wholeWord };
    expect(maskTokens(long, facts, new Random(8), options).positions).toHaveLength(512);
  });
});

describe("whole words", () => {
  it("are predicted as a whole or not at all, within the share", () => {
    const random = new Random(9);
    for (let i = 0; i < 1000; i++) {
      const lengths = Array.from({ length: 1 + random.integer(30) }, () => 1 + random.integer(4));
      const words = wordsOf(lengths);
      const masked = maskTokens(encodingOf(words), facts, random);
      expectWhole(places(words), masked);
      const most = Math.max(1, Math.round(0.15 * words.flat().length));
      const { length } = masked.positions;
      expect(length).toBeGreaterThan(0);
      if (length > most) expectOneWord(places(words), masked);
    }
  });

  function expectOneWord(words: number[][], { positions }: MaskedEncoding): void {
    expect(words).toContainEqual([...positions]);
    expect(Math.min(...words.map(({ length }) => length))).toBeGreaterThan(1);
  }

  it("of one word the whole word is predicted, however long it is", () => {
    const { positions } = maskTokens(encodingOf(wordsOf([7])), facts, new Random(10));
    expect([...positions]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("a special token ends a word: two sentences of a pair are not one", () => {
    const ids = Int32Array.of(CLS, 3, 1003, SEP, 1004, 1005, SEP);
    const seen = new Set<string>();
    const random = new Random(11);
    for (let i = 0; i < 50; i++) {
      const { positions } = maskTokens({ ids, typeIds: ids }, facts, random);
      seen.add(positions.join());
    }
    expect([...seen].sort()).toEqual(["1,2", "4,5"]);
  });

  it("are taken apart where that is asked for", () => {
    const encoding = encodingOf(wordsOf([7]));
    const { positions } = maskTokens(encoding, facts, new Random(12), { wholeWord: false });
    expect(positions).toHaveLength(1);
  });
});

it("a probability that is none is refused", async () => {
  for (const probability of [0, -0.1, 1.1, NaN, "0.15" as unknown as number]) {
    const mask = () => maskTokens(encodingOf([[3]]), facts, new Random(0), { probability });
    const error = await failureOf(mask);
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(error.message).toContain("probability: expected a number above 0 and at most 1");
  }
});

/** Words by their tokens' text, found without the library. */
const continues: Record<string, (token: string) => boolean> = {
  wordpiece: (token) => token.startsWith("##"),
  "klue-roberta-base": (token) => token.startsWith("##"),
  "koelectra-v3": (token) => token.startsWith("##"),
  unigram: (token) => !token.startsWith("▁"),
  "byte-bpe": (token) => !token.startsWith("Ġ"),
};
const isSpecialText = (token: string) => /^(\[[A-Z]+\]|<\/?[a-z]+>|<PERSON>)$/.test(token);

function expectWholeWords(name: string, tokenizer: Tokenizer, texts: string[]): void {
  const random = new Random(13);
  let ofSeveral = 0;
  for (const text of texts) {
    const encoding = tokenizer.encode(text, 128);
    const words: number[][] = [];
    let isOpen = false;
    for (const [position, token] of tokenizer.tokensOf(encoding.ids).entries()) {
      const isSpecial = isSpecialText(token);
      if (!isSpecial && isOpen && continues[name]!(token)) words.at(-1)!.push(position);
      else if (!isSpecial) words.push([position]);
      isOpen = !isSpecial;
    }
    const masked = maskTokens(encoding, tokenizer.masking, random);
    expectWhole(words, masked);
    const places = new Set(words.flat());
    expect([...masked.positions].every((position) => places.has(position))).toBe(true);
    expect(masked.positions.length > 0).toBe(words.length > 0);
    const chosen = new Set(masked.positions);
    ofSeveral += words.filter((word) => word.length > 1 && chosen.has(word[0]!)).length;
  }
  expect(ofSeveral).toBeGreaterThan(0);
}

it.each(["wordpiece", "unigram", "byte-bpe"])(
  "the words of a %s tokenizer are predicted as a whole",
  async (name) => {
    const tokenizer = await Tokenizer.load(path.join(fixtures, name));
    const rows = JSON.parse(readFileSync(path.join(fixtures, name, "expected.json"), "utf8")) as {
      first: string;
    }[];
    expectWholeWords(
      name,
      tokenizer,
      rows.map(({ first }) => first),
    );
  },
);

itWithShared.each(["klue-roberta-base", "koelectra-v3"])(
  "the words of %s are predicted as a whole in Korean sentences",
  async (name) => {
    const tokenizer = await Tokenizer.load(path.join(shared, "tokenizers", name));
    const file = path.join(shared, "data/korsts/sts-dev.tsv");
    const rows = readFileSync(file, "utf8").split("\n").slice(1, -1);
    const sentences = rows.map((row) => row.replace(/\r$/, "").split("\t")[5]!);
    expectWholeWords(name, tokenizer, sentences);
  },
);

itWithShared(
  "klue: over all of a data set 15 % are predicted, and 80 % of them hidden",
  async () => {
    const tokenizer = await Tokenizer.load(path.join(shared, "tokenizers/klue-roberta-base"));
    const { masking } = tokenizer;
    const file = path.join(shared, "data/korsts/sts-train.tsv");
    const rows = readFileSync(file, "utf8").split("\n").slice(1, -1);
    const random = new Random(14);
    let tokens = 0;
    const masked = rows.map((row) => {
      const encoding = tokenizer.encode(row.split("\t")[5]!, 128);
      tokens += encoding.ids.filter((id) => !masking.isSpecial(id)).length;
      return maskTokens(encoding, masking, random);
    });
    const predicted = masked.reduce((sum, { positions }) => sum + positions.length, 0);
    const hidden = masked.reduce(
      (sum, { ids }) => sum + ids.filter((id) => id === masking.maskId).length,
      0,
    );
    expect(predicted / tokens).toBeGreaterThan(0.13);
    expect(predicted / tokens).toBeLessThan(0.17);
    expectShare(hidden, predicted, 0.8);
  },
);

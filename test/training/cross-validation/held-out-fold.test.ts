import type { SentencePair } from "../../../lib/data/pair.js";
import {
  divide,
  fingerprintOf,
  holdOut,
} from "../../../lib/training/cross-validation/held-out-fold.js";
import { Trainer } from "../../../lib/training/trainer.js";
import { tinyPairs } from "../../support/tiny-model.js";
import { Workspace } from "../support.js";

const space = new Workspace();
const range = { min: 0, max: 5 };
const pairs = tinyPairs(50).map(({ pair: [sentence1, sentence2], label }, i): SentencePair => ({
  ...{ id: `row-${i}`, sentence1, sentence2, label, line: i + 2 },
}));
const fold = { index: 2, of: 3, stratified: true, seed: 7 };

it("the parts of all folds are disjoint and complete, in the order of the pairs", () => {
  const parts = [1, 2, 3].map((index) => holdOut(pairs, { ...fold, index }, range));
  for (const { train, heldOut } of parts) {
    expect(new Set([...train, ...heldOut])).toEqual(new Set(pairs));
    expect(train.length + heldOut.length).toBe(50);
    for (const some of [train, heldOut]) {
      expect(some.map(({ line }) => line)).toEqual(
        some.map(({ line }) => line).sort((a, b) => a - b),
      );
    }
  }
  expect(new Set(parts.flatMap(({ heldOut }) => heldOut)).size).toBe(50);
});

it("pairs other than those that were divided are refused", () => {
  const data = fingerprintOf(pairs);
  expect(() => holdOut(pairs, { ...fold, data }, range)).not.toThrow();
  const changes: Partial<SentencePair>[] = [{ label: 1.25 }, { sentence1: "가" }, { id: "x" }];
  for (const change of changes) {
    const others = pairs.map((pair, i) => (i === 9 ? { ...pair, ...change } : pair));
    expect(() => holdOut(others, { ...fold, data }, range)).toThrow(
      "not those of which fold 2 of 3",
    );
  }
  expect(() => holdOut([...pairs].reverse(), { ...fold, data }, range)).toThrow("not those");
});

it("each fold needs two pairs, for a correlation", () => {
  expect(() => divide(pairs.slice(0, 5), { ...fold, stratified: false }, range)).toThrow(
    "3 folds need at least 6 pairs, for a correlation on each; there are 5.",
  );
});

it("a single training can hold out a fold", async () => {
  const sizes: object[] = [];
  await new Trainer(
    { ...space.options({ epochs: 1 }), heldOutFold: { index: 2, of: 5 } },
    { callbacks: { onStart: ({ pairs }) => void sizes.push(pairs) } },
  ).train();
  // 40 pairs of train and 25 of dev.
  expect(sizes).toEqual([{ train: 52, dev: 13, test: null }]);
});

it.each([
  [{ index: 4, of: 3 }, /heldOutFold: index must not be above of/],
  [{ index: 0, of: 3 }, /heldOutFold\.index/],
  [{ index: 1, of: 1 }, /heldOutFold\.of/],
])("the fold %j is refused", (heldOutFold, message) => {
  expect(() => new Trainer(space.options({ heldOutFold }))).toThrow(message);
});

it("examples without scores cannot be divided", () => {
  const nli = { examples: "nli", architecture: "sentence-encoder" } as const;
  expect(() => new Trainer(space.options({ ...nli, heldOutFold: { index: 1, of: 2 } }))).toThrow(
    "heldOutFold divides scored pairs, not examples: nli.",
  );
});

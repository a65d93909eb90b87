import { bucketOf, countBuckets } from "../../lib/data/buckets.js";
import { kFold, scarceBuckets, stratifiedKFold } from "../../lib/data/folds.js";
import { fixture, readJson } from "../support/fixtures.js";

type Stratified = {
  buckets: string;
  folds: number;
  counts?: number[][];
  warns?: boolean;
  refused?: string;
};

const reference = readJson<{
  sizes: { n: number; folds: number; sizes: number[] }[];
  stratified: Stratified[];
  rounded: [label: number, rounded: number][];
}>(fixture("folds/scikit-learn.json"));

const bucketsIn = ({ buckets }: Stratified) => Array.from(buckets, Number);

/** Each index once, each fold in ascending order. */
function expectDivision(folds: number[][], n: number): void {
  expect(folds.flat().sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
  for (const fold of folds) expect(fold).toEqual([...fold].sort((a, b) => a - b));
}

test("k-fold: every index is held out once, in folds of scikit-learn's sizes", () => {
  expect(reference.sizes.length).toBeGreaterThan(20);
  for (const { n, folds, sizes } of reference.sizes) {
    const divided = kFold(n, folds, 42);
    expectDivision(divided, n);
    expect(divided.map(({ length }) => length)).toEqual(sizes);
  }
});

test("stratified: of every label each fold has as many as scikit-learn gives it", () => {
  const cases = reference.stratified.filter(({ counts }) => counts);
  expect(cases.length).toBeGreaterThan(60);
  for (const each of cases) {
    const buckets = bucketsIn(each);
    for (const seed of [0, 42]) {
      const divided = stratifiedKFold(buckets, each.folds, seed);
      expectDivision(divided, buckets.length);
      const counts = divided.map((fold) =>
        each.counts![0]!.map((_, k) => fold.filter((index) => buckets[index] === k).length),
      );
      expect(counts).toEqual(each.counts);
    }
    expect(scarceBuckets(buckets, each.folds).size > 0).toBe(each.warns);
  }
});

test("stratified: what scikit-learn refuses is refused", () => {
  const cases = reference.stratified.filter(({ refused }) => refused);
  expect(cases.length).toBeGreaterThan(1);
  for (const each of cases) {
    expect(() => stratifiedKFold(bucketsIn(each), each.folds, 42)).toThrow(
      expect.objectContaining({ code: "INVALID_DATA" }) as Error,
    );
  }
});

test("the same seed gives the same folds, another seed others", () => {
  const buckets = Array.from({ length: 200 }, (_, i) => i % 6);
  for (const divide of [
    (seed: number) => kFold(200, 5, seed),
    (seed: number) => stratifiedKFold(buckets, 5, seed),
  ]) {
    expect(divide(1)).toEqual(divide(1));
    expect(divide(2)).not.toEqual(divide(1));
  }
});

test("which members of a label a fold gets is drawn, not their place in the file", () => {
  const buckets = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 200));
  const chosen = new Map<number, number>();
  for (let seed = 0; seed < 100; seed++) {
    const [first] = stratifiedKFold(buckets, 5, seed);
    for (const index of first!) chosen.set(index, (chosen.get(index) ?? 0) + 1);
  }
  // Each is in the first fold 20 of 100 times, give or take 5 standard deviations.
  for (let index = 0; index < 1000; index++) {
    expect(Math.abs((chosen.get(index) ?? 0) - 20)).toBeLessThan(5 * 4);
  }
});

test("buckets may be words, and those too small to be shared out are named", () => {
  const sources = ["nsmc", "nsmc", "slack", "nsmc"];
  expect(scarceBuckets(sources, 2)).toEqual(new Map([["slack", 1]]));
  expectDivision(stratifiedKFold(sources, 2, 0), 4);
});

test.each([1, 0, -2, 2.5, NaN])("%d folds are refused", (folds) => {
  expect(() => kFold(10, folds, 0)).toThrow("folds: expected a whole number from 2");
});

test("more folds than members are refused", () => {
  expect(() => kFold(3, 4, 0)).toThrow("4 folds need at least 4 members, got 3.");
});

test("labels of 0 to 5 are rounded as Python rounds them, halves to the even one", () => {
  expect(reference.rounded.length).toBeGreaterThan(100);
  const range = { min: 0, max: 5 };
  for (const [label, rounded] of reference.rounded) expect(bucketOf(label, range)).toBe(rounded);
  expect([0.5, 1.5, 2.5, 3.5, 4.5].map((label) => bucketOf(label, range))).toEqual([0, 2, 2, 4, 4]);
});

test("labels of another range have six buckets too", () => {
  expect(countBuckets([0, 0.1, 0.29, 0.3, 0.5, 1], { min: 0, max: 1 })).toEqual([2, 1, 2, 0, 0, 1]);
  expect(countBuckets([-1, 1], { min: -1, max: 1 })).toEqual([1, 0, 0, 0, 0, 1]);
});

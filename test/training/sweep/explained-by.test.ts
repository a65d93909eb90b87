import { explainedBy } from "../../../lib/training/sweep/explained-by.js";
import { fixture, readJson } from "../../support/fixtures.js";

const { groups: cases } = readJson<{ groups: { groups: number[][]; h: number }[] }>(
  fixture("sweep/scikit-learn.json"),
);

it("what a setting explains follows from scipy's Kruskal-Wallis H", () => {
  for (const { groups, h } of cases) {
    const observations = groups.flatMap((values, group) =>
      values.map((pearson) => ({ value: [group], pearson })),
    );
    const [n, k] = [observations.length, groups.length];
    const expected = Math.min(1, Math.max(0, (h - k + 1) / (n - k)));
    expect(explainedBy(observations, false)).toBeCloseTo(expected, 10);
  }
});

const observed = (pairs: [unknown, number][]) =>
  pairs.map(([value, pearson]) => ({ value, pearson }));

it("a range is compared by its thirds", () => {
  const rising = observed([1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => [i * i, i / 10]));
  const values = observed([1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => [Math.ceil(i / 3), i / 10]));
  expect(explainedBy(rising, true)).toBe(explainedBy(values, false));
  expect(explainedBy(rising, true)).toBeGreaterThan(0.8);
  // Each value is a group of its own.
  expect(explainedBy(rising, false)).toBeNull();
});

it("chance explains nothing", () => {
  expect(
    explainedBy(
      observed([
        ["a", 1],
        ["b", 2],
        ["a", 3],
        ["b", 4],
        ["b", 1.5],
      ]),
      false,
    ),
  ).toBe(0);
});

it("is not known of one value, of equal results and of too few trials", () => {
  expect(
    explainedBy(
      observed([
        ["a", 1],
        ["a", 2],
      ]),
      false,
    ),
  ).toBeNull();
  expect(
    explainedBy(
      observed([
        ["a", 1],
        ["b", 1],
        ["a", 1],
      ]),
      false,
    ),
  ).toBeNull();
  expect(explainedBy([], true)).toBeNull();
});

import { Random } from "../../../lib/data/random.js";
import { drawCandidates, everyCandidate, sizeOf } from "../../../lib/training/sweep/candidates.js";
import type { FieldValue, SweepField } from "../../../lib/training/sweep/space.js";
import { drawValue } from "../../../lib/training/sweep/values.js";
import { fixture, readJson } from "../../support/fixtures.js";

type Fields = Record<string, FieldValue[]>;
const { grids, drawn } = readJson<{
  grids: { fields: Fields; candidates: Fields[] }[];
  drawn: { fields: Fields; trials: number; count: number; warns: boolean }[];
}>(fixture("sweep/scikit-learn.json"));

const texts = (candidates: readonly object[]) =>
  candidates
    .map((each) => JSON.stringify(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort();

it.each(grids)("a grid has the combinations of scikit-learn's ParameterGrid: %j", (grid) => {
  const candidates = everyCandidate(grid.fields);
  expect(candidates).toHaveLength(sizeOf(grid.fields));
  expect(texts(candidates)).toEqual(texts(grid.candidates));
});

it("a grid changes its last field fastest, as it is written", () => {
  expect(
    everyCandidate({ b: [1, 2], a: { min: 0, max: 0.3, scale: "linear", step: 0.1 } }),
  ).toEqual([1, 2].flatMap((b) => [0, 0.1, 0.2, 0.3].map((a) => ({ b, a }))));
});

it.each(drawn)(
  "of lists as many are drawn as by scikit-learn's ParameterSampler, none twice: %j",
  ({ fields, trials, count, warns }) => {
    const candidates = drawCandidates(fields, trials, new Random(3));
    expect(candidates).toHaveLength(count);
    expect(new Set(texts(candidates)).size).toBe(count);
    expect(sizeOf(fields) < trials).toBe(warns);
  },
);

it("steps make a range finite, whose candidates are drawn once", () => {
  const fields = {
    epochs: { min: 1, max: 4, scale: "linear", step: 1 },
    lr: { min: 0.1, max: 0.35, scale: "log", step: 0.1 },
  } as const;
  expect(sizeOf(fields)).toBe(12);
  const candidates = drawCandidates(fields, 11, new Random(1));
  expect(new Set(texts(candidates)).size).toBe(11);
  expect(texts(drawCandidates(fields, 100, new Random(1)))).toEqual(texts(everyCandidate(fields)));
});

it("the same seed draws the same, another one something else", () => {
  const fields: Record<string, SweepField> = {
    lr: { min: 1e-5, max: 1e-3, scale: "log" },
    loss: ["l1", "mse"],
  };
  const draw = (seed: number) => drawCandidates(fields, 5, new Random(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(8)).not.toEqual(draw(7));
});

const n = 20_000;
function draws(field: SweepField): number[] {
  const random = new Random(11);
  return Array.from({ length: n }, () => drawValue(field, random) as number);
}

/** The largest difference to a distribution that values may have by chance, at one in a million. */
const critical = Math.sqrt(Math.log(2 / 1e-6) / 2 / n);

/** Kolmogorov's and Smirnov's distance. */
function distance(values: readonly number[], cumulative: (value: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((value, i) =>
      Math.max((i + 1) / n - cumulative(value), cumulative(value) - i / n),
    ),
  );
}

it("a linear range is drawn uniformly, a logarithmic one by its logarithm", () => {
  const linear = draws({ min: -1, max: 3, scale: "linear" });
  expect(distance(linear, (value) => (value + 1) / 4)).toBeLessThan(critical);
  const log = draws({ min: 1e-5, max: 1e-2, scale: "log" });
  expect(distance(log, (value) => Math.log10(value / 1e-5) / 3)).toBeLessThan(critical);
  // A test that could tell the two apart.
  expect(distance(log, (value) => value / 1e-2)).toBeGreaterThan(critical);
  expect(Math.min(...log)).toBeGreaterThanOrEqual(1e-5);
  expect(Math.max(...log)).toBeLessThanOrEqual(1e-2);
});

it("drawn numbers are as short as a person writes them, and never leave the range", () => {
  for (const value of draws({ min: 1e-5, max: 1e-2, scale: "log" })) {
    expect(value).toBe(Number(value.toPrecision(6)));
  }
  const narrow = draws({ min: 0.99999991, max: 0.99999993, scale: "linear" });
  expect(Math.min(...narrow)).toBeGreaterThanOrEqual(0.99999991);
  expect(Math.max(...narrow)).toBeLessThanOrEqual(0.99999993);
});

const shares = (values: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1 / n);
  return [...counts].sort(([a], [b]) => a - b);
};

it("steps are all met, equally often where they are linear", () => {
  const found = shares(draws({ min: 0, max: 0.2, scale: "linear", step: 0.05 }));
  expect(found.map(([value]) => value)).toEqual([0, 0.05, 0.1, 0.15, 0.2]);
  for (const [, share] of found) expect(share).toBeCloseTo(0.2, 1.7);
});

it("steps on a logarithmic scale are as likely as the numbers that are nearest to them", () => {
  const found = shares(draws({ min: 1, max: 8, scale: "log", step: 1 }));
  expect(found.map(([value]) => value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const [value, share] of found) {
    const expected = Math.log((value + 0.5) / (value - 0.5)) / Math.log(8.5 / 0.5);
    expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt(expected / n));
  }
});

import { Random } from "../../lib/data/random.js";
import { fit } from "../../lib/reports/charts/fit.js";
import { placeAxis } from "../../lib/reports/charts/parallel-axis.js";
import { smooth, thin } from "../../lib/reports/charts/thin.js";
import { linearTicks, logTicks } from "../../lib/reports/charts/ticks.js";
import { compact } from "../../lib/reports/format.js";
import { fixture, largestDifference, readJson } from "../support/fixtures.js";

const random = new Random(1);
const noise = Float64Array.from({ length: 20_000 }, () => random.next());
const steps = Array.from(noise, (_, i) => i + 1);

it("a long curve becomes short and keeps every column's first, last, lowest and highest point", () => {
  const y = Float64Array.from(noise);
  y[14_001] = 1000;
  y[123] = -1000;
  const columns = 100;
  const points = thin({ x: steps, y }, columns);
  expect(points.length).toBeLessThanOrEqual(4 * columns);
  expect(points[0]).toEqual([1, y[0]]);
  expect(points.at(-1)).toEqual([20_000, y.at(-1)]);
  expect(points).toContainEqual([14_002, 1000]);
  expect(points).toContainEqual([124, -1000]);
  const width = 19_999 / columns;
  for (let column = 0; column < columns; column++) {
    const within = (x: number) => Math.min(columns - 1, Math.floor((x - 1) / width)) === column;
    const [all, kept] = [steps.filter(within), points.filter(([x]) => within(x))];
    expect(Math.max(...kept.map(([, value]) => value))).toBe(
      Math.max(...all.map((x) => y[x - 1]!)),
    );
    expect(Math.min(...kept.map(([, value]) => value))).toBe(
      Math.min(...all.map((x) => y[x - 1]!)),
    );
  }
});

it("a short curve stays as it is, but for what is not finite", () => {
  const y = [1, NaN, 3, Infinity, 5];
  expect(thin({ x: [1, 2, 3, 4, 5], y }, 100)).toEqual([
    [1, 1],
    [3, 3],
    [5, 5],
  ]);
  expect(thin({ x: [], y: [] }, 100)).toEqual([]);
  expect(thin({ x: [7], y: [1] }, 100)).toEqual([[7, 1]]);
});

it("a trend is what pandas makes of a curve", () => {
  type Trends = { values: (number | null)[]; trends: Record<string, number[]> };
  const { values, trends } = readJson<Trends>(fixture("reports/trends.json"));
  const curve = values.map((value) => value ?? NaN);
  for (const [span, expected] of Object.entries(trends)) {
    const actual = [...smooth(curve, Number(span))].filter((value) => !Number.isNaN(value));
    expect(largestDifference(actual, expected)).toBeLessThan(1e-12);
  }
});

it("ticks are round numbers within their range", () => {
  expect(linearTicks(0, 5, 5)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(linearTicks(0.8003, 0.8687, 6)).toEqual([0.82, 0.84, 0.86]);
  expect(linearTicks(-0.3, 0.3, 6)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  expect(linearTicks(3, 3, 6)).toEqual([3]);
  expect(logTicks(5e-6, 1e-4, 7)).toEqual([5e-6, 1e-5, 2e-5, 5e-5, 1e-4]);
  expect(logTicks(1e-6, 1, 7)).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]);
  expect(logTicks(1.1, 1.4, 7)).toEqual([1.1, 1.2, 1.3, 1.4]);
});

it("an axis names its ends, few values themselves, and places a log axis by factors", () => {
  const log = placeAxis({ name: "lr", type: "log" }, [1e-5, 1e-4, 1e-3, null]);
  expect(log.place(1e-4)).toBeCloseTo(0.5, 12);
  expect(log.place(null)).toBeNull();
  expect(log.ticks(0.1).map(({ text }) => text)).toEqual(["0.001", "1e-5", "1e-4"]);
  const batch = placeAxis({ name: "batchSize", type: "linear" }, [32, 8, 16, 8]);
  expect(batch.ticks(0.1).map(({ text }) => text)).toEqual(["32", "8", "16"]);
  const many = placeAxis(
    { name: "x", type: "linear" },
    Array.from({ length: 50 }, (_, i) => 0.013 + i / 10),
  );
  expect(many.ticks(0.1).map(({ text }) => text)).toEqual(["4.913", "0.013", "1", "2", "3", "4"]);
  expect(placeAxis({ name: "one", type: "linear" }, [2, 2]).place(2)).toBe(0.5);
  expect(placeAxis({ name: "none", type: "linear" }, [null]).ticks(0.1)).toEqual([]);
});

it("numbers and texts on one axis are all texts, in their order", () => {
  const axis = placeAxis({ name: "head", type: "linear" }, ["cls", 2, "mean"]);
  expect(axis.ticks(0.1)).toEqual([
    { at: 0, text: "cls" },
    { at: 0.5, text: "2" },
    { at: 1, text: "mean" },
  ]);
  const ordered = { name: "size", type: "category", categories: ["S", "M", "L"] } as const;
  expect(placeAxis(ordered, ["L", "M"]).place("L")).toBe(1);
});

it("numbers are written shortly", () => {
  const numbers = [0, 0.05, 2e-5, 0.00066284, -1.5, 12_500, 320_000, 3e20, 0.86867];
  expect(numbers.map((number) => compact(number, 4))).toEqual([
    ...["0", "0.05", "2e-5", "6.628e-4", "-1.5", "12,500", "320K", "3e20", "0.8687"],
  ]);
});

it("a text is cut where it has no room, between letters and not within them", () => {
  expect(fit("short", 100, 13)).toBe("short");
  expect(fit("오늘 날씨가 정말 좋다", 60, 13)).toMatch(/^오늘 날?…$/);
  expect(fit("😀😀😀😀😀😀😀😀", 60, 13)).toMatch(/^(😀)+…$/u);
});

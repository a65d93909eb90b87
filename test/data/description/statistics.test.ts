import { Leading } from "../../../lib/data/description/collect.js";
import {
  histogramOf,
  lengthsOf,
  momentsOf,
  quantile,
} from "../../../lib/data/description/statistics.js";

it("a large offset costs no digits of the variance", () => {
  const offset = 2 ** 40;
  const values = [1, 2, 3, 4].map((value) => value / 8 + offset);
  expect(momentsOf(values)).toMatchObject({ mean: 0.3125 + offset, variance: 5 / 3 / 64 });
});

it("nothing has no moments and no lengths", () => {
  expect([momentsOf([]), lengthsOf([])]).toEqual([null, null]);
});

it("quantiles lie between the two nearest values", () => {
  const sorted = Float64Array.of(1, 2, 4);
  expect([0, 0.25, 0.5, 0.75, 1].map((q) => quantile(sorted, q))).toEqual([1, 1.5, 2, 3, 4]);
});

it("a value on an edge is in the bin above, the greatest in the last, and others outside", () => {
  const third = { min: 0, max: 0.3 };
  const edges = histogramOf([], third).edges;
  const { counts, below, above } = histogramOf([...edges, -0.1, 0.31, 7], third);
  expect(counts).toEqual([...new Array<number>(19).fill(1), 2]);
  expect([below, above]).toEqual([1, 2]);
});

it("of equals the first ones stay", () => {
  const leading = new Leading<[number, string]>(3, ([a], [b]) => a - b);
  for (const item of [
    [2, "a"],
    [1, "b"],
    [2, "c"],
    [2, "d"],
    [1, "e"],
    [3, "f"],
  ] as const) {
    leading.add([...item]);
  }
  expect(leading.items.map(([, name]) => name).join("")).toBe("bea");
});

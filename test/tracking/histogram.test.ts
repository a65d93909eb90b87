import { histogramOf } from "../../lib/tracking/histogram.js";
import { fixture, readJson } from "../support/fixtures.js";

const cases = readJson<{ name: string; values: number[]; edges: number[]; counts: number[] }[]>(
  fixture("tracking/histograms.json"),
);

it.each(cases.map((each) => [each.name, each] as const))(
  "%s: borders and counts are numpy's",
  (_, { values, edges, counts }) => {
    const histogram = histogramOf(values)!;
    expect(histogram.edges).toEqual(edges);
    expect(histogram.counts).toEqual(counts);
    expect(histogram).toMatchObject({
      min: Math.min(...values),
      max: Math.max(...values),
      count: values.length,
    });
  },
);

it("what is not finite is left out, and of nothing there is no histogram", () => {
  expect(histogramOf([1, NaN, 2, Infinity])).toEqual(histogramOf([1, 2]));
  expect(histogramOf([NaN])).toBeNull();
  expect(histogramOf([])).toBeNull();
});

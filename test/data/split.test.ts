import { trainValidationSplit } from "../../lib/data/split.js";

const pairs = [...Array(1000).keys()];

test("the parts are disjoint, complete, of the wanted size and in the order of the file", () => {
  const { train, validation } = trainValidationSplit(pairs, 0.1, 42);
  expect(validation).toHaveLength(100);
  expect([...train, ...validation].sort((a, b) => a - b)).toEqual(pairs);
  expect(train).toEqual([...train].sort((a, b) => a - b));
  expect(validation).toEqual([...validation].sort((a, b) => a - b));
});

test("the same seed gives the same parts, another seed others", () => {
  const first = trainValidationSplit(pairs, 0.1, 42);
  expect(trainValidationSplit(pairs, 0.1, 42)).toEqual(first);
  expect(trainValidationSplit(pairs, 0.1, 43)).not.toEqual(first);
});

test("validation is drawn from the whole file, not from an end of it", () => {
  const { validation } = trainValidationSplit(pairs, 0.1, 0);
  const mean = validation.reduce((sum, each) => sum + each, 0) / validation.length;
  expect(Math.abs(mean - 500)).toBeLessThan(110);
});

test.each([
  [2, 0.001],
  [2, 0.999],
  [10, 0.01],
  [10, 0.99],
])("of %d pairs and a ratio of %d no part is empty", (count, ratio) => {
  const { train, validation } = trainValidationSplit(pairs.slice(0, count), ratio, 1);
  expect(train.length).toBeGreaterThan(0);
  expect(validation.length).toBeGreaterThan(0);
});

test.each([0, 1])("%d pairs cannot be split", (count) => {
  const split = () => trainValidationSplit(pairs.slice(0, count), 0.1, 1);
  expect(split).toThrow(expect.objectContaining({ code: "INVALID_DATA" }) as Error);
  expect(split).toThrow(`at least 2 pairs, got ${count}`);
});

test.each([0, 1, -0.1, 10, NaN])("a ratio of %d is refused", (ratio) => {
  expect(() => trainValidationSplit(pairs, ratio, 1)).toThrow("ratio: expected a number between");
});

import { readFileSync } from "node:fs";
import path from "node:path";

import {
  meanAbsoluteError,
  meanSquaredError,
  pearson,
  similarityMetrics,
  spearman,
} from "../../lib/evaluation/metrics.js";
import { StsError } from "../../lib/foundation/errors.js";

type Case = {
  name: string;
  x?: number[];
  y?: number[];
  generated?: number;
  pearson: number | null;
  exact_pearson: number | null;
  spearman: number | null;
  warnings: string[];
  mse: number;
  mae: number;
};

const fixture = path.join(process.cwd(), "test/fixtures/metrics/correlations.json");
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { cases: Case[] };

/** The generator of scripts/fixtures/metrics.py. */
function* uniforms(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function generate(n: number): { x: number[]; y: number[] } {
  const source = uniforms(42);
  const x = Array.from({ length: n }, () => source.next().value);
  const y = x.map((v) => Math.floor(50 * (0.7 * v + 0.3 * source.next().value)) / 10);
  return { x, y };
}

function vectors({ x, y, generated }: Case): { x: number[]; y: number[] } {
  return x !== undefined && y !== undefined ? { x, y } : generate(generated!);
}

function expectWithin(actual: number | null, expected: number | null, tolerance: number): void {
  if (expected === null || actual === null) {
    expect(actual).toBe(expected);
    return;
  }
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance);
}

function thrownBy(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof StsError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "nothing";
}

const relative = (expected: number) => Math.abs(expected) * 1e-12;

describe.each(cases)("the numbers are scipy's: $name", (expected) => {
  const { x, y } = vectors(expected);

  it("Pearson, and the exact one where scipy itself loses digits", () => {
    if (!expected.warnings.includes("NearConstantInputWarning")) {
      expectWithin(pearson(x, y), expected.pearson, 1e-12);
    }
    expectWithin(pearson(x, y), expected.exact_pearson, 1e-15);
    expectWithin(pearson(y, x), expected.exact_pearson, 1e-15);
  });

  it("Spearman", () => {
    expectWithin(spearman(x, y), expected.spearman, 1e-12);
    expectWithin(spearman(y, x), expected.spearman, 1e-12);
  });

  it("the errors", () => {
    expectWithin(meanSquaredError(x, y), expected.mse, relative(expected.mse));
    expectWithin(meanAbsoluteError(x, y), expected.mae, relative(expected.mae));
  });

  it("all at once, with scipy's warnings by name", () => {
    const metrics = similarityMetrics(x, y);
    expect(metrics).toMatchObject({
      n: x.length,
      pearson: pearson(x, y),
      spearman: spearman(x, y),
      mse: meanSquaredError(x, y),
      mae: meanAbsoluteError(x, y),
    });
    const names = metrics.warnings.map((warning) => `${warning.split(":")[0]}Warning`);
    expect([...new Set(names)]).toEqual(expected.warnings);
  });
});

describe("what evaluation prints can be trusted", () => {
  it("a model that predicts one number for everything is named as the reason for null", () => {
    const { pearson: r, spearman: rho, warnings } = similarityMetrics([2, 2, 2], [0, 1, 5]);
    expect([r, rho]).toEqual([null, null]);
    expect(warnings).toEqual([expect.stringMatching(/^ConstantInput: every prediction is 2;/)]);
  });

  it("a data set with one label only is named as the reason for null", () => {
    const { warnings } = similarityMetrics([0, 1, 5], [2.5, 2.5, 2.5]);
    expect(warnings).toEqual([expect.stringMatching(/^ConstantInput: every label is 2.5;/)]);
  });

  it("a correlation never leaves [-1, 1]", () => {
    const source = uniforms(3);
    for (let round = 0; round < 500; round++) {
      const x = Array.from({ length: 2 + (round % 9) }, () => source.next().value);
      const y = x.map((value) => 0.1 - value / 3);
      expect(pearson(x, x)!).toBeLessThanOrEqual(1);
      expect(pearson(x, y)!).toBeGreaterThanOrEqual(-1);
      expectWithin(pearson(x, y), -1, 1e-12);
    }
  });

  it("the extremes of what a double holds do not turn into NaN", () => {
    expect(pearson([0, 5e-324, 1e-323], [0, 1, 2])).toBeCloseTo(1, 12);
    expect(pearson([-1.7e308, 0, 1.7e308], [0, 1, 2])).toBeCloseTo(1, 12);
    expect(pearson([1.7e308, 1.6e308, 1.5e308], [0, 1, 2])).toBeCloseTo(-1, 12);
  });

  it("the inputs are left as they were", () => {
    const x = Float32Array.of(3, 1, 2);
    similarityMetrics(x, [1, 2, 3]);
    expect([...x]).toEqual([3, 1, 2]);
  });

  it("a prediction that is not a number is named with its index", () => {
    expect(thrownBy(() => similarityMetrics([1, NaN, 2], [1, 2, 3]))).toEqual(
      "NOT_FINITE predictions[1]: expected a finite number, got NaN.",
    );
    expect(thrownBy(() => spearman([1, 2], [3, -Infinity]))).toEqual(
      "NOT_FINITE y[1]: expected a finite number, got -Infinity.",
    );
  });

  it("vectors that do not belong together are refused", () => {
    expect(thrownBy(() => similarityMetrics([1, 2, 3], [1, 2]))).toEqual(
      "INVALID_ARGUMENT labels: expected as many values as predictions has (3), got 2.",
    );
    expect(thrownBy(() => similarityMetrics([1], [1]))).toEqual(
      "INVALID_ARGUMENT predictions: expected at least 2 values, got 1.",
    );
    expect(thrownBy(() => pearson([1], [1]))).toEqual(
      "INVALID_ARGUMENT x: expected at least 2 values, got 1.",
    );
    expect(thrownBy(() => meanAbsoluteError([], []))).toEqual(
      "INVALID_ARGUMENT x: expected at least one value, got 0.",
    );
    expect(meanSquaredError([1], [3])).toBe(4);
  });
});

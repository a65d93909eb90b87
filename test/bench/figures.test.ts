import { forwardFlops, median, medians, quantile } from "../../scripts/bench/figures.mjs";
import { toResult } from "../../scripts/bench/result.mjs";

it("medians do not follow a run that was disturbed", () => {
  expect(median([3, 1, 200])).toBe(3);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(
    medians([
      { speed: 10, p50: 1 },
      { speed: 12, p50: 900 },
      { speed: 11, p50: 2 },
    ]),
  ).toEqual({ speed: 11, p50: 2 });
});

it("quantiles are values that were measured", () => {
  const values = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect(quantile(values, 0.5)).toBe(100);
  expect(quantile(values, 0.99)).toBe(198);
  expect(quantile([7], 0.99)).toBe(7);
});

it("counts the operations of real tokens alone, written out for one layer", () => {
  const config = { hidden_size: 2, intermediate_size: 3, num_hidden_layers: 1 };
  // Query, key, value and output are 2 × 2, the two others 2 × 3.
  const weights = 4 * 4 + 2 * 6;
  // Scores and the mean of the values: 2 × 2 operations for each pair of tokens, both.
  const attention = (tokens: number) => 2 * (2 * 2 * tokens * tokens);
  const both = 2 * weights * (5 + 1) + attention(5) + attention(1);
  expect(forwardFlops(config, [5, 1])).toBe(both);
  expect(forwardFlops({ ...config, num_hidden_layers: 6 }, [5, 1])).toBe(6 * both);
});

describe("the line of --json", () => {
  const job = { precision: "fp32", layers: 6, batchSize: 16, rounds: 5 };
  const training = { ...job, name: "train", unit: "pairs/s", best: "higher" } as const;

  it("compares with the default Trainer in training", () => {
    const peers = { default: 10, compiled: 16 };
    const more = { reference: "default", utilisation: 0.5, figures: {} };
    expect(toResult(training, 20, peers, more)).toMatchObject({
      ...{ job: "train", precision: "fp32", layers: 6, ours: 20, peers, ratio: 2 },
      ...{ utilisation: 0.5, ratios: { default: 2, compiled: 1.25 } },
    });
  });

  it("compares with the better peer elsewhere, whatever is better", () => {
    const predicting = { ...training, name: "predict" };
    expect(toResult(predicting, 30, { a: 10, b: 20 }, { figures: {} }).ratio).toBe(1.5);
    const starting = { ...training, name: "startup", best: "lower" } as const;
    expect(toResult(starting, 1, { a: 10, b: 4 }, { figures: {} }).ratio).toBe(0.25);
  });

  it("has no ratio without peers", () => {
    const result = toResult(training, 30, {}, { reference: "default", figures: {} });
    expect(result).toMatchObject({ peers: {}, ratio: null, utilisation: null });
  });
});

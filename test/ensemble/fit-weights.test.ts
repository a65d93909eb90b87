import { weightedMean } from "../../lib/ensemble/averages.js";
import { fitWeights } from "../../lib/ensemble/fit-weights.js";
import { pearson } from "../../lib/evaluation/metrics.js";
import { Random } from "../../lib/data/random.js";
import { largestDifference } from "../support/fixtures.js";
import { reference, simulate } from "./support.js";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe.each(reference.weights)("scipy finds no better weights: $name", (expected) => {
  const { members, labels } = expected;
  const weights = fitWeights(members, labels);
  const reached = pearson(weightedMean(members, weights), labels)!;

  it("the weights are NNLS's to 1e-10, and SLSQP's to 1e-3", () => {
    expect(largestDifference(weights, expected.nnls)).toBeLessThanOrEqual(1e-10);
    // Where the maximum is flat, SLSQP ends a little beside it.
    expect(largestDifference(weights, expected.slsqp)).toBeLessThanOrEqual(1e-3);
  });

  it("Pearson is as high as NNLS's and SLSQP's to 1e-12", () => {
    expect(reached).toBeGreaterThanOrEqual(expected.nnls_pearson - 1e-12);
    expect(reached).toBeGreaterThanOrEqual(expected.slsqp_pearson - 1e-12);
  });

  it("the weights can be used: none below 0, together 1", () => {
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
    expect(sum(weights)).toBeCloseTo(1, 14);
  });
});

it("no weights near the best ones are better, for a hundred ensembles", () => {
  const random = new Random(1);
  for (let round = 0; round < 100; round++) {
    const spreads = Array.from({ length: 2 + (round % 7) }, () => 0.3 + 2 * random.next());
    const { members, labels } = simulate(random, 40, spreads);
    const weights = fitWeights(members, labels);
    const best = pearson(weightedMean(members, weights), labels)!;
    for (let attempt = 0; attempt < 20; attempt++) {
      const other = weights.map((weight) => Math.max(0, weight + 0.1 * (random.next() - 0.5)));
      if (sum(other) === 0) continue;
      expect(pearson(weightedMean(members, other), labels)!).toBeLessThanOrEqual(best + 1e-13);
    }
  }
});

describe("members that give no one answer", () => {
  const { members, labels } = simulate(new Random(2), 50, [0.8, 1.2]);
  const [good, fair] = members as [number[], number[]];

  it("twice the same member weighs as much as once", () => {
    const [once, other] = fitWeights([good, fair], labels);
    const twice = fitWeights([good, good, fair], labels);
    expect(twice[0]! + twice[1]!).toBeCloseTo(once!, 10);
    expect(twice[2]).toBeCloseTo(other!, 10);
  });

  it("a mix of two members adds nothing to them", () => {
    const mix = good.map((score, i) => (score + fair[i]!) / 2);
    const before = pearson(weightedMean(members, fitWeights(members, labels)), labels)!;
    const all = [good, mix, fair];
    const after = pearson(weightedMean(all, fitWeights(all, labels)), labels)!;
    expect(after).toBeCloseTo(before, 12);
  });

  it("a member that says always the same has no weight", () => {
    const constant = labels.map(() => 0.1 + 0.2);
    expect(fitWeights([constant, good], labels)).toEqual([0, 1]);
  });

  it("members that all fall as the labels rise weigh alike", () => {
    const falling = members.map((member) => member.map((score) => 5 - score));
    expect(fitWeights(falling, labels)).toEqual([0.5, 0.5]);
  });

  it("labels that are all alike are an error that says so", () => {
    const alike = labels.map(() => 3);
    expect(() => fitWeights(members, alike)).toThrow(/^all 50 labels are 3, .*labels that differ/);
  });
});

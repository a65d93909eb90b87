import { assess } from "../../lib/ensemble/assess.js";
import { mean, weightedMean } from "../../lib/ensemble/averages.js";
import { bootstrapCorrelations, quantile, resamples } from "../../lib/ensemble/bootstrap.js";
import { crossFit, type Learn } from "../../lib/ensemble/cross-fit.js";
import { fitRidge, ridgeScores } from "../../lib/ensemble/fit-ridge.js";
import { fitWeights } from "../../lib/ensemble/fit-weights.js";
import { Random } from "../../lib/data/random.js";
import { pearson } from "../../lib/evaluation/metrics.js";
import { largestDifference } from "../support/fixtures.js";
import { reference, simulate } from "./support.js";

const weights: Learn = (members, labels) => {
  const found = fitWeights(members, labels);
  return (others) => weightedMean(others, found);
};
const ridge: Learn = (members, labels) => {
  const found = fitRidge(members, labels);
  return (others) => ridgeScores(found, others);
};
const fast = { resamples: 300 };

describe("the bootstrap is scipy's and NumPy's on the same draws", () => {
  const { members, labels, draws, ...expected } = reference.bootstrap;
  const correlations = bootstrapCorrelations(members, labels, draws);

  it("Pearson on every draw, to 1e-12", () => {
    const difference = largestDifference(correlations.flat(), expected.correlations.flat());
    expect(difference).toBeLessThanOrEqual(1e-12);
  });

  it("the bounds of the interval, to 1e-12", () => {
    const gains = Float64Array.from(correlations, ([a, b]) => a! - b!).sort();
    const bounds = [quantile(gains, 0.025), quantile(gains, 0.975)];
    expect(largestDifference(bounds, [expected.low, expected.high])).toBeLessThanOrEqual(1e-12);
  });

  it("a draw on which a side is constant counts as undefined", () => {
    const [[first]] = bootstrapCorrelations([[1, 2, 3]], [1, 1, 2], [[0, 1, 1]]) as [[number]];
    expect(first).toBeNaN();
  });

  it("draws are of the pairs, with replacement, and the same again with the same seed", () => {
    const drawn = (seed: number) =>
      [...resamples(20, 50, new Random(seed))].map((draw) => [...draw]);
    const [draw] = resamples(1000, 1, new Random(1));
    expect(Math.min(...draw!)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draw!)).toBeLessThan(1000);
    // 1 - 1/e of them.
    expect(new Set(draw).size / 1000).toBeCloseTo(0.632, 1);
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
  });
});

describe("what is said of a gain", () => {
  it("of one bad member among good ones: both gains are more than noise", () => {
    const { members, labels } = simulate(new Random(1), 500, [1, 1.2, 4]);
    const found = assess(members, labels, weights, fast);
    expect(found.use).toBe("combination");
    expect(found.gainOverMean).toMatchObject({ verdict: "better" });
    expect(found.gainOverBest).toMatchObject({ verdict: "better" });
    expect(found.best).toBe(0);
    expect(found.mean).toBeCloseTo(pearson(mean(members), labels)!, 14);
    expect(found.gainOverMean!.estimate).toBe(found.crossValidated! - found.mean!);
    expect(found.gainOverMean!.low).toBeLessThan(found.gainOverMean!.estimate);
    expect(found.gainOverMean!.high).toBeGreaterThan(found.gainOverMean!.estimate);
  });

  it.each([
    ["weights", weights],
    ["a ridge", ridge],
  ])(
    "of equally good members: %s never ship noise, though they win on their own pairs",
    (_, learn) => {
      let wins = 0;
      for (let seed = 0; seed < 30; seed++) {
        const { members, labels } = simulate(new Random(seed), 100, [1, 1, 1]);
        const found = assess(members, labels, learn, { ...fast, seed });
        if (found.inSample! > found.mean!) wins++;
        expect(found.use).toBe("mean");
      }
      expect(wins).toBeGreaterThan(25);
    },
  );

  it("of one good member among useless ones: use that member", () => {
    const random = new Random(5);
    const { members, labels } = simulate(random, 300, [0.7]);
    const useless = [1, 2].map(() => labels.map(() => 5 * random.next()));
    const found = assess([...useless, ...members], labels, weights, fast);
    expect(found.best).toBe(2);
    expect(found.use).toBe("best");
    expect(found.gainOverBest!.verdict).not.toBe("better");
  });

  it("where both gains are within noise: use the better one of the mean and the best member", () => {
    const uses = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const { members, labels } = simulate(new Random(seed), 60, [1, 1.7]);
      const { use, gainOverMean, gainOverBest, best, ...found } = assess(members, labels, weights, {
        resamples: 100,
      });
      const verdicts = [gainOverMean!.verdict, gainOverBest!.verdict];
      if (verdicts.some((verdict) => verdict !== "within noise")) continue;
      uses.add(use);
      expect(use).toBe(found.members[best]! > found.mean! ? "best" : "mean");
    }
    expect([...uses].sort()).toEqual(["best", "mean"]);
  });

  it("of members that do not vary: nothing, and the mean", () => {
    const labels = Array.from({ length: 30 }, (_, i) => i % 6);
    const flat = labels.map(() => 2);
    expect(assess([flat, flat], labels, weights, fast)).toMatchObject({
      ...{ members: [null, null], mean: null, inSample: null, crossValidated: null },
      ...{ gainOverMean: null, gainOverBest: null, use: "mean" },
    });
  });

  it("is the same again with the same seed", () => {
    const { members, labels } = simulate(new Random(6), 60, [1, 2]);
    const of = (seed: number) => assess(members, labels, weights, { ...fast, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe("cross-validation", () => {
  it("no pair is scored by what was learnt from it", () => {
    const labels = Array.from({ length: 40 }, (_, i) => i);
    const scored = new Set<number>();
    const spy: Learn = (_, known) => (members) => {
      expect(known.length).toBe(36);
      const seen = new Set(Array.from(known));
      for (const label of labels) if (!seen.has(label)) scored.add(label);
      // What was seen is told by a score that is far off.
      return Float64Array.from(members[0]!, (id) => (seen.has(id) ? 1e6 : 0) + id);
    };
    const scores = crossFit([labels], labels, spy, 10, 1);
    expect(scored.size).toBe(40);
    // Standardised, unseen pairs are far below the mean.
    expect(Math.max(...scores)).toBeLessThan(-1);
  });

  it("its estimate is not pulled down by the folds' intercepts", () => {
    let [estimate, truth] = [0, 0];
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      const { members, labels } = simulate(random, 100, [2, 2]);
      const fresh = simulate(random, 5000, [2, 2]);
      estimate += pearson(crossFit(members, labels, ridge, 10, seed), labels)! / 20;
      truth += pearson(ridge(members, labels)(fresh.members), fresh.labels)! / 20;
    }
    expect(Math.abs(estimate - truth)).toBeLessThan(0.02);
  });
});

it("too few pairs, or draws, are refused", () => {
  const { members, labels } = simulate(new Random(7), 19, [1, 1]);
  expect(() => assess(members, labels, weights)).toThrow(/at least 20 labelled pairs, got 19/);
  const more = simulate(new Random(7), 20, [1, 1]);
  expect(() => assess(more.members, more.labels, weights, { resamples: 10 })).toThrow(
    "resamples: expected a whole number from 100, got 10.",
  );
});

import { fixture, readJson } from "../support/fixtures.js";

type Linear = { alpha: number; intercept: number; coefficients: number[] };

type Labelled = { name: string; members: number[][]; labels: number[] };

type Reference = {
  votes: {
    name: string;
    members: number[][];
    weights: number[];
    mean: number[];
    weighted: number[];
    median: number[];
    rank: number[];
    majority: number[];
  }[];
  weights: (Labelled & {
    slsqp: number[];
    slsqp_pearson: number;
    nnls: number[];
    nnls_pearson: number;
  })[];
  ridges: (Labelled & { auto: Linear; solutions: Linear[] })[];
  bootstrap: Labelled & { draws: number[][]; correlations: number[][]; low: number; high: number };
};

/** What scripts/fixtures/ensembling.py wrote. */
export const reference = readJson<Reference>(fixture("ensembling", "reference.json"));

/** Labels, and members that are off by noise of the given spreads and by one that they share. */
export function simulate(
  random: { next: () => number },
  n: number,
  spreads: readonly number[],
): { members: number[][]; labels: number[] } {
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const labels = Array.from({ length: n }, () => 5 * random.next());
  const shared = labels.map(() => 0.5 * normal());
  const members = spreads.map((spread) =>
    labels.map((label, i) => label + shared[i]! + spread * normal()),
  );
  return { members, labels };
}

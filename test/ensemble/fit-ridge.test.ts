import { fitRidge, type Ridge, ridgeAlphas, ridgeScores } from "../../lib/ensemble/fit-ridge.js";
import { reference } from "./support.js";
import { largestDifference } from "../support/fixtures.js";

type Linear = Omit<Ridge, "leaveOneOutError">;

function expectSame(actual: Linear, expected: Linear): void {
  const numbers = ({ intercept, coefficients }: Linear) => [intercept, ...coefficients];
  expect(actual.alpha).toBeCloseTo(expected.alpha, 10);
  expect(largestDifference(numbers(actual), numbers(expected))).toBeLessThanOrEqual(1e-10);
}

describe.each(reference.ridges)("scikit-learn agrees to 1e-10: $name", (expected) => {
  const { members, labels } = expected;

  it.each(expected.solutions)("Ridge with alpha $alpha", (solution) => {
    expectSame(fitRidge(members, labels, { alpha: solution.alpha }), solution);
  });

  it("RidgeCV, whose leave-one-out chooses alpha", () => {
    expectSame(fitRidge(members, labels), expected.auto);
  });
});

it("leave-one-out chooses what fitting without each pair would choose", () => {
  const { members, labels } = reference.ridges[3]!;
  const errorOf = (alpha: number) => {
    const errors = labels.map((label, out) => {
      const rest = (values: number[]) => values.filter((_, i) => i !== out);
      const ridge = fitRidge(members.map(rest), rest(labels), { alpha });
      const [score] = ridgeScores(
        ridge,
        members.map((member) => [member[out]!]),
      );
      return (label - score!) ** 2;
    });
    return errors.reduce((sum, error) => sum + error, 0) / labels.length;
  };
  const errors = ridgeAlphas.map(errorOf);
  const best = ridgeAlphas[errors.indexOf(Math.min(...errors))];
  const ridge = fitRidge(members, labels);
  expect(ridge.alpha).toBe(best);
  expect(ridge.leaveOneOutError).toBeCloseTo(Math.min(...errors), 12);
});

it("scores are the intercept and the members with their coefficients", () => {
  const ridge = { intercept: 0.5, coefficients: [2, -1] };
  expect([...ridgeScores(ridge, [[1, 2], [3, 0]])]).toEqual([-0.5, 4.5]); // prettier-ignore
  expect(() => ridgeScores(ridge, [[1]])).toThrow("members: expected 2 members, got 1.");
});

it("members that depend on each other are refused with alpha 0, and stacked with any other", () => {
  const { members, labels } = reference.ridges[0]!;
  const twice = [members[0]!, members[0]!];
  expect(() => fitRidge(twice, labels, { alpha: 0 })).toThrow(/alpha: with 0 .* larger alpha/);
  const [a, b] = fitRidge(twice, labels, { alpha: 0.1 }).coefficients;
  expect(a).toBeCloseTo(b!, 8);
  const constant = labels.map(() => 2);
  expect(fitRidge([members[0]!, constant], labels).coefficients[1]).toBe(0);
});

it.each([-1, NaN, Infinity])("alpha %d is refused", (alpha) => {
  expect(() => fitRidge([[1, 2]], [1, 2], { alpha })).toThrow(/^alpha: expected a number from 0/);
});

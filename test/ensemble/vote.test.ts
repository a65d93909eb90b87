import { vote, type VoteMethod, voteMethods } from "../../lib/ensemble/vote.js";
import { largestDifference } from "../support/fixtures.js";
import { reference } from "./support.js";

describe.each(reference.votes)("NumPy and scipy agree: $name", ({ members, ...expected }) => {
  it.each(voteMethods)("%s", (method) => {
    const weights = method === "weighted" ? expected.weights : undefined;
    const actual = [...vote(members, { method, weights })];
    expect(largestDifference(actual, expected[method])).toBeLessThanOrEqual(1e-14);
  });
});

it("without a method it is the mean; with weights the weighted mean, whatever their sum", () => {
  expect([...vote([[1], [2], [6]])]).toEqual([3]);
  expect([...vote([[1], [5]], { weights: [3, 1] })]).toEqual([2]);
  expect([...vote([[1], [5]], { weights: [1.5e308, 0.5e308] })]).toEqual([2]);
  expect([...vote([[1], [5]], { weights: [0, 7] })]).toEqual([5]);
});

it.each(voteMethods)("%s never leaves the label range", (method) => {
  const members = [
    [-3, 0.2, 7, 5.6],
    [-2, 0.9, 9, 5.3],
  ];
  const weights = method === "weighted" ? [1, 1] : undefined;
  for (const labelRange of [undefined, { min: 0, max: 1 }]) {
    const voted = vote(members, { method, weights, labelRange });
    expect(Math.min(...voted)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...voted)).toBeLessThanOrEqual(labelRange?.max ?? 5);
  }
});

it.each(voteMethods)("%s of members that are all alike keeps their order", (method) => {
  const member = [4.1, 0.2, 3.3, 3.3, 1.9];
  const weights = method === "weighted" ? [1, 1, 1] : undefined;
  const voted = vote([member, member, member], { method, weights });
  expect(voted[2]).toBe(voted[3]);
  const order = (scores: ArrayLike<number>) => [0, 2, 4, 1].map((i) => scores[i]!);
  const sorted = order(voted);
  expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
});

describe("rank", () => {
  it("lowest and highest rank are the ends of the label range, whatever scale a member has", () => {
    const members = [
      [0, 0.5, 1],
      [-900, 20, 30],
    ];
    expect([...vote(members, { method: "rank" })]).toEqual([0, 2.5, 5]);
    const labelRange = { min: -1, max: 1 };
    expect([...vote(members, { method: "rank", labelRange })]).toEqual([-1, 0, 1]);
  });

  it("a single pair has no rank and gets the middle", () => {
    expect([...vote([[4], [5]], { method: "rank" })]).toEqual([2.5]);
  });
});

describe("majority", () => {
  const majority = (...scores: number[]) =>
    vote(
      scores.map((score) => [score]),
      { method: "majority" },
    )[0];

  it("the most frequent label wins, not the one in the middle", () => {
    expect(majority(0, 0.1, 4.9, 3, 3.9)).toBe(0);
  });

  it("halves go to the even label, as in Python", () => {
    expect(majority(0.5)).toBe(0);
    expect(majority(1.5)).toBe(2);
    expect(majority(2.5)).toBe(2);
    expect(majority(4.5)).toBe(4);
  });

  it("among equals the nearest to the mean of the scores wins, then the lower", () => {
    expect(majority(2.3, 3.8)).toBe(4);
    expect(majority(2.2, 3.7)).toBe(2);
    expect(majority(2, 4)).toBe(2);
    expect(majority(1, 1, 4, 4, 5)).toBe(4);
  });

  it("what is beyond the range is a vote for its end", () => {
    expect(majority(5.4, 7, 4.2)).toBe(5);
  });

  it("of another range it takes six labels that lie evenly on it", () => {
    const labelRange = { min: 0, max: 1 };
    const voted = vote([[0.19], [0.25], [0.9]], { method: "majority", labelRange });
    expect(voted[0]).toBeCloseTo(0.2, 12);
  });
});

it("the members are left as they were", () => {
  const members = [Float64Array.of(7, 1), Float64Array.of(3, 2)];
  for (const method of ["mean", "median", "rank", "majority"] as const) vote(members, { method });
  expect(members.map((member) => [...member])).toEqual([[7, 1], [3, 2]]); // prettier-ignore
});

it.each<[string, () => unknown]>([
  ["members: expected at least one, got an array of 0.", () => vote([])],
  ["members[1]: expected 2 numbers, got 1.", () => vote([[1, 2], [1]])],
  ["members[1][0]: expected a finite number, got NaN.", () => vote([[1], [NaN]])],
  ["weights: expected 2, one for each member, got 1.", () => vote([[1], [2]], { weights: [1] })],
  [
    "weights: expected finite numbers from 0, got -0.1.",
    () => vote([[1], [2]], { weights: [1.1, -0.1] }),
  ],
  ['weights: expected at least one above 0, got "0".', () => vote([[1]], { weights: [0] })],
  [
    'the method "weighted" needs weights: give them, or fit them.',
    () => vote([[1]], { method: "weighted" }),
  ],
  [
    'weights belong to the method "weighted", not to "rank".',
    () => vote([[1]], { method: "rank", weights: [1] }),
  ],
  ['Did you mean "majority"?', () => vote([[1]], { method: "majorty" as VoteMethod })],
])("refused: %s", (message, call) => {
  expect(call).toThrow(message);
});

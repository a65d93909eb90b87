import { compileLoss } from "../../lib/losses/compile.js";
import { scope } from "../../lib/tensor/scope.js";
import { gradientsOf, leaf, outputsWith, targetsOf, type Rows } from "./support.js";

const scoreLosses = ["l1", "mse", "huber", "smooth-l1", "pearson"];
const embeddingLosses = [
  "cosine-mse",
  "cosent",
  "angle",
  "contrastive",
  "multiple-negatives-ranking",
];

async function onScores(expression: string, scores: number[], labels: number[]) {
  return scope(async () => {
    const input = leaf(scores);
    const outputs = outputsWith({ scores: input });
    const loss = compileLoss(expression).compute(outputs, targetsOf(labels));
    return [loss.item(), ...(await gradientsOf(loss, [input])).flat()];
  });
}

async function onEmbeddings(expression: string, first: Rows, second: Rows, labels: number[]) {
  return scope(async () => {
    const embeddings = [leaf(first), leaf(second)];
    const outputs = outputsWith({ embeddings });
    const loss = compileLoss(expression).compute(outputs, targetsOf(labels));
    return [loss.item(), ...(await gradientsOf(loss, embeddings)).flat()];
  });
}

const expectFinite = (numbers: readonly number[]) =>
  expect(numbers.filter((number) => !Number.isFinite(number))).toEqual([]);

describe("a batch without information does not ruin the weights", () => {
  describe.each(scoreLosses)("%s", (loss) => {
    it.each([
      ["constant scores", [2, 2, 2], [0, 5, 1]],
      ["constant labels", [0.1, 2, 3], [4, 4, 4]],
      ["both constant", [2, 2, 2], [4, 4, 4]],
      ["one example", [3.5], [2]],
      ["large scores", [1e6, -1e6, 3], [0, 5, 1]],
    ])("%s", async (_, scores, labels) => expectFinite(await onScores(loss, scores, labels)));
  });

  describe.each(embeddingLosses)("%s", (loss) => {
    const a = [1, 2, -1];
    const zero = [0, 0, 0];
    it.each([
      ["a zero vector", [zero, a, a], [a, zero, [3, 1, 1]], [5, 0, 4]],
      ["only zero vectors", [zero, zero], [zero, zero], [5, 0]],
      ["equal vectors", [a, a, a], [a, a, a], [5, 4, 0]],
      ["opposite vectors", [a, a], [a.map((x) => -x), a], [5, 5]],
      ["constant labels", [a, zero, [0, 1, 0]], [[1, 1, 1], a, a], [2, 2, 2]],
      ["one example", [a], [[2, -1, 0]], [5]],
      ["one dissimilar example", [a], [[2, -1, 0]], [0]],
    ])("%s", async (_, first, second, labels) =>
      expectFinite(await onEmbeddings(loss, first, second, labels)),
    );
  });

  it.each([
    ["bce", [[100], [-100], [0]]],
    [
      "cross-entropy(buckets=3)",
      [
        [1e4, -1e4, 0],
        [0, 0, 0],
        [-1e4, 1e4, 1e4],
      ],
    ],
  ])("%s of a head that is very sure", async (expression, rows) => {
    await scope(async () => {
      const logits = leaf(rows);
      const loss = compileLoss(expression).compute(outputsWith({ logits }), targetsOf([0, 5, 2.5]));
      expectFinite([loss.item(), ...(await gradientsOf(loss, [logits])).flat()]);
    });
  });

  it("r-drop of buckets that one pass rules out", async () => {
    await scope(async () => {
      const passes = [leaf([[1e3, -1e3]]), leaf([[-1e3, 1e3]])];
      const [first, second] = passes.map((logits) => outputsWith({ logits }));
      const { consistency } = compileLoss("cross-entropy(buckets=2) + r-drop");
      const loss = consistency(first!, second!);
      expectFinite([loss.item(), ...(await gradientsOf(loss, passes)).flat()]);
    });
  });
});

describe("the range in the documentation is the range", () => {
  it("pearson goes from 0 for scores in the right order to 2, and is 1 without a spread", async () => {
    const value = async (scores: number[]) => (await onScores("pearson", scores, [0, 2, 5]))[0]!;
    expect(await value([1, 3, 6])).toBeCloseTo(0, 5);
    expect(await value([6, 4, 1])).toBeCloseTo(2, 5);
    expect(await value([3, 3, 3])).toBe(1);
  });

  it("contrastive goes up to 2, cosine-mse up to 4, for a pair turned upside down", async () => {
    const value = async (loss: string) => (await onEmbeddings(loss, [[1, 2]], [[-1, -2]], [5]))[0]!;
    expect(await value("contrastive")).toBeCloseTo(2, 5);
    expect(await value("cosine-mse")).toBeCloseTo(4, 5);
  });

  it.each(["cosent", "angle"])("%s is 0 where all labels are equal", async (loss) => {
    const [value] = await onEmbeddings(
      loss,
      [
        [1, 2],
        [0, 1],
      ],
      [
        [3, 1],
        [1, 1],
      ],
      [2, 2],
    );
    expect(value).toBe(0);
  });

  it("multiple-negatives-ranking without a similar pair is 0 and trains nothing", async () => {
    const numbers = await onEmbeddings(
      "multiple-negatives-ranking",
      [
        [1, 2],
        [0, 1],
      ],
      [
        [3, 1],
        [1, 1],
      ],
      [3.9, 0],
    );
    expect(numbers.every((number) => number === 0)).toBe(true);
  });

  it("multiple-negatives-ranking takes a pair that is exactly at the threshold", async () => {
    const rows = [
      [
        [1, 2],
        [0, 1],
      ],
      [
        [3, 1],
        [1, 1],
      ],
    ] as const;
    for (const threshold of [0.1, 0.3, 0.6, 0.7, 0.8]) {
      const loss = `multiple-negatives-ranking(threshold=${threshold})`;
      const label = Number((threshold * 5).toFixed(1));
      expect((await onEmbeddings(loss, ...rows, [label, 0]))[0]).toBeGreaterThan(0);
    }
  });
});

import { outputsOf, scoresOf, type HeadOutput } from "../../lib/losses/head-output.js";
import { memory } from "../../lib/tensor/memory.js";
import { autocast } from "../../lib/tensor/context.js";
import { scope } from "../../lib/tensor/scope.js";
import { largestDifference } from "../support/fixtures.js";
import { gradientsOf, leaf, readLosses } from "./support.js";

const outputOf = (count: number): HeadOutput =>
  count === 1 ? { type: "probability" } : { type: "buckets", count };

describe("a prediction is on the scale of the labels", () => {
  it.each(Object.entries(readLosses("logits").batches))("%s", (_, batch) => {
    scope(() => {
      const scores = scoresOf(leaf(batch.logits), outputOf(batch.logits[0]!.length), batch.range);
      expect(scores.shape).toEqual([batch.labels.length]);
      expect(largestDifference(scores.toNumbers(), batch.scores)).toBeLessThan(1e-5);
    });
  });

  it("has more than the three digits of bfloat16 under autocast", () => {
    scope(() => {
      const logits = [[0.1, 0.2, 0.3]];
      const scores = () => scoresOf(leaf(logits), outputOf(3), { min: 0, max: 5 }).toNumbers();
      expect(autocast("bfloat16", scores)).toEqual(scores());
    });
  });

  it("is the head's own number for regression", () => {
    scope(() => {
      const scores = scoresOf(leaf([[0.5], [7]]), { type: "regression" }, { min: 0, max: 5 });
      expect(scores.toNumbers()).toEqual([0.5, 7]);
    });
  });

  it.each([
    [{ type: "probability" }, [[1000], [-1000]]],
    [
      { type: "buckets", count: 3 },
      [
        [-1000, 0, 1000],
        [1000, 0, -1000],
      ],
    ],
  ] as const)("reaches both ends of the range and does not leave it: %o", (output, logits) => {
    scope(() => {
      expect(scoresOf(leaf(logits), output, { min: -1, max: 3 }).toNumbers()).toEqual([3, -1]);
    });
  });
});

it("counts a head's outputs", () => {
  expect(outputsOf({ type: "regression" })).toBe(1);
  expect(outputsOf({ type: "probability" })).toBe(1);
  expect(outputsOf({ type: "buckets", count: 11 })).toBe(11);
});

it("lets losses of scores train a head of buckets, and leaves no tensor behind", async () => {
  const logits = leaf([[0.1, 0.5, -1]]);
  const before = memory().tensors;
  const scores = scoresOf(logits, { type: "buckets", count: 3 }, { min: 0, max: 5 });
  expect(memory().tensors).toBe(before + 1);
  await scope(async () => {
    const [gradient] = await gradientsOf(scores, [logits]);
    expect(gradient!.every((x) => x !== 0)).toBe(true);
  });
  scores.dispose();
  logits.dispose();
});

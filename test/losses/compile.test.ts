import { readFileSync } from "node:fs";
import { compileLoss } from "../../lib/losses/compile.js";
import { huber } from "../../lib/losses/huber.js";
import { l1 } from "../../lib/losses/l1.js";
import { lossNames } from "../../lib/losses/registry.js";
import { memory } from "../../lib/tensor/memory.js";
import { scope } from "../../lib/tensor/scope.js";
import { largestDifference } from "../support/fixtures.js";
import { gradientsOf, leaf, outputsWith, targetsOf, type Rows } from "./support.js";

const scores = [0.3, 4.1, 2.2, 6.5, -1];
const labels = [0, 5, 2.5, 4, 0.2];
const rows: Rows = [
  [0.3, -1, 2],
  [1, 0.5, 0.2],
  [-0.7, 0.1, 0.9],
  [2, 1, 1],
  [0, -0.4, 1.2],
];
const others: Rows = rows.map((row) => row.map((x) => x * x - 0.5));

async function lossOf(expression: string) {
  const input = leaf(scores);
  const targets = targetsOf(labels);
  const loss = compileLoss(expression).compute(outputsWith({ scores: input }), targets);
  const value = loss.item();
  return { value, gradient: (await gradientsOf(loss, [input]))[0]! };
}

describe("a sum of losses trains on the sum", () => {
  it.each([
    ["l1 + huber", { l1: 1, huber: 1 }],
    ["0.7*mse + 0.3*pearson", { mse: 0.7, pearson: 0.3 }],
    ["2*huber(delta=0.5) + smooth-l1 + l1 + l1", { "huber(delta=0.5)": 2, "smooth-l1": 1, l1: 2 }],
    ["mse + 0.5*r-drop", { mse: 1 }],
  ])("%s", async (expression, weights) => {
    await scope(async () => {
      const sum = await lossOf(expression);
      let value = 0;
      const gradient = scores.map(() => 0);
      for (const [part, weight] of Object.entries(weights)) {
        const one = await lossOf(part);
        value += weight * one.value;
        one.gradient.forEach((x, i) => (gradient[i]! += weight * x));
      }
      expect(sum.value).toBeCloseTo(value, 5);
      expect(largestDifference(sum.gradient, gradient)).toBeLessThan(1e-6);
    });
  });

  it("is L1 plus Huber with δ = 1 for l1+huber, as in the report", () => {
    scope(() => {
      const [input, targets] = [leaf(scores), targetsOf(labels)];
      const sum = compileLoss("l1+huber")
        .compute(outputsWith({ scores: input }), targets)
        .item();
      const parts = l1(input, targets.labels).item() + huber()(input, targets.labels).item();
      expect(sum).toBeCloseTo(parts, 6);
    });
  });
});

describe("the model is built as the loss needs it", () => {
  it.each([
    ["mse", { type: "regression" }],
    ["bce", { type: "probability" }],
    ["l1 + 0.1*bce + bce", { type: "probability" }],
    ["cross-entropy", { type: "buckets", count: 6 }],
    ["mse + cross-entropy(buckets=11) + r-drop", { type: "buckets", count: 11 }],
    ["cosent + mse", { type: "regression" }],
  ])("%s", (expression, output) => {
    expect(compileLoss(expression).output).toEqual(output);
  });

  it.each([
    ["mse", { rDrop: 0, needsEmbeddings: false, couplesExamples: false, maxTexts: 2 }],
    ["mse + r-drop", { rDrop: 1, needsEmbeddings: false, couplesExamples: false, maxTexts: 2 }],
    [
      "0.5*r-drop + pearson + r-drop",
      { rDrop: 1.5, needsEmbeddings: false, couplesExamples: true, maxTexts: 2 },
    ],
    ["cosine-mse + mse", { rDrop: 0, needsEmbeddings: true, couplesExamples: false, maxTexts: 2 }],
    [
      "angle + multiple-negatives-ranking",
      { rDrop: 0, needsEmbeddings: true, couplesExamples: true, maxTexts: Infinity },
    ],
  ])("%s: what training has to provide", (expression, expected) => {
    expect(compileLoss(expression)).toMatchObject(expected);
  });
});

describe("a loss and a model that do not fit are told apart from a bug", () => {
  it.each([
    ["bce", `The loss "bce" does not fit the model: it needs a model whose head has 1 output`],
    ["cosent", `The loss "cosent" does not fit the model: it needs the sentences' embeddings`],
    ["cross-entropy", `a model whose head has 6 outputs, but this model has no head`],
  ])("%s", (expression, message) => {
    scope(() => {
      const compute = () => compileLoss(expression).compute(outputsWith({}), targetsOf([1]));
      expect(compute).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error);
      expect(compute).toThrow(message);
    });
  });

  it("names the outputs of a head of the wrong size", () => {
    scope(() => {
      const outputs = outputsWith({ logits: leaf(rows) });
      const compute = () => compileLoss("cross-entropy").compute(outputs, targetsOf(labels));
      expect(compute).toThrow("whose head has 6 outputs, but this one has 3");
    });
  });
});

it.each([
  "l1 + huber + mse + smooth-l1 + pearson",
  "bce + pearson",
  "cross-entropy(buckets=3)",
  "cosine-mse + cosent + angle + contrastive + multiple-negatives-ranking",
])("leaves no tensor behind but the result: %s", (expression) => {
  const compiled = compileLoss(expression);
  const outputs = outputsWith({
    scores: leaf(scores),
    logits: leaf(compiled.output.type === "probability" ? rows.map(([x]) => [x!]) : rows),
    embeddings: [leaf(rows), leaf(others)],
  });
  const targets = targetsOf(labels);
  const before = memory().tensors;
  const loss = compiled.compute(outputs, targets);
  const distance = compiled.consistency(outputs, outputs);
  expect(memory().tensors).toBe(before + 2);
  for (const tensor of [loss, distance, outputs.scores, outputs.logits!, targets.labels]) {
    tensor.dispose();
  }
  for (const tensor of outputs.embeddings) tensor.dispose();
});

it("keeps no loss from the documentation", () => {
  const page = readFileSync("docs/losses.md", "utf8");
  for (const name of lossNames) expect(page).toContain(`| \`${name}`);
});

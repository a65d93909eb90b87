import { loadModel } from "../../../lib/models/load-model.js";
import type { Parameters } from "../../../lib/models/parameters.js";
import { memory } from "../../../lib/tensor/memory.js";
import { Tensor } from "../../../lib/tensor/tensor.js";
import { histogramOf } from "../../../lib/tracking/histogram.js";
import { weightHistograms } from "../../../lib/training/loop/weight-histograms.js";
import { Workspace } from "../support.js";

const space = new Workspace();

const made: Tensor[] = [];
afterEach(() => made.splice(0).forEach((tensor) => tensor.dispose()));

function parametersOf(values: Record<string, number[]>): Parameters {
  const entries = Object.entries(values).map(([name, each]) => {
    const tensor = Tensor.from(Float32Array.from(each));
    made.push(tensor);
    return [name, tensor] as const;
  });
  return new Map(entries);
}

it("the weights of each layer are counted together, as numpy counts them", async () => {
  using model = await loadModel(space.file("model"));
  const before = memory();
  const histograms = await weightHistograms(model.parameters);
  expect(memory()).toEqual(before);
  const layers = ["embeddings", "layer_01", "layer_02", "head"].map((name) => `weights/${name}`);
  expect([...histograms.keys()]).toEqual(layers);
  const belongs = [/embeddings/, /layer\.0\./, /layer\.1\./, /classifier|pooler/];
  for (const [i, tag] of layers.entries()) {
    const weights = [...model.parameters]
      .filter(([name]) => belongs[i]!.test(name))
      .flatMap(([, tensor]) => tensor.toNumbers());
    const { min, max, count, sum, sumOfSquares, edges, counts } = histograms.get(tag)!;
    const expected = histogramOf(weights)!;
    expect({ min, max, count, edges }).toEqual({
      ...{ min: expected.min, max: expected.max },
      ...{ count: expected.count, edges: expected.edges },
    });
    expect(sum).toBeCloseTo(expected.sum, 3);
    expect(sumOfSquares).toBeCloseTo(expected.sumOfSquares, 3);
    expect(counts.reduce((a, b) => a + b)).toBe(weights.length);
    // In float32 a weight at a border may be counted on its other side.
    const moved = counts.reduce((most, each, k) => most + Math.abs(each - expected.counts[k]!), 0);
    expect(moved).toBeLessThanOrEqual(2);
  }
});

it("the members of an ensemble are told apart", async () => {
  const weights = parametersOf({
    "members.0.bert.embeddings.weight": [1, 2],
    "members.0.bert.encoder.layer.0.weight": [3],
    "members.0.classifier.weight": [4],
    "members.1.members.0.embeddings.weight": [5],
    "stacking.weight": [6],
  });
  expect([...(await weightHistograms(weights)).keys()]).toEqual([
    "weights/members.0/embeddings",
    "weights/members.0/layer_01",
    "weights/members.0/head",
    "weights/members.1.members.0/embeddings",
    "weights/head",
  ]);
});

it("weights that are all alike are counted; a layer with one that is not finite is not", async () => {
  const weights = parametersOf({
    "embeddings.weight": [1, 1, 1],
    "encoder.layer.0.a": [1, NaN],
    "encoder.layer.1.a": [1, -Infinity],
    "classifier.bias": [0],
  });
  const histograms = await weightHistograms(weights);
  const { edges, counts } = histogramOf([1, 1, 1])!;
  expect(histograms.get("weights/embeddings")).toMatchObject({ edges, counts, sum: 3 });
  expect(histograms.get("weights/layer_01")).toBeNull();
  expect(histograms.get("weights/layer_02")).toBeNull();
  expect(histograms.get("weights/head")).toEqual(histogramOf([0]));
});

it("more weights of one value than float32 can count are counted", async () => {
  const count = 2 ** 24 + 5;
  using zeros = Tensor.from(new Float32Array(count));
  const histogram = (await weightHistograms(new Map([["classifier.weight", zeros]]))).get(
    "weights/head",
  )!;
  expect(histogram.count).toBe(count);
  expect(Math.max(...histogram.counts)).toBe(count);
});

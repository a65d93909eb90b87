import { SequenceModel } from "../../lib/models/sequence-model.js";
import { l1 } from "../../lib/losses/l1.js";
import { mse } from "../../lib/losses/mse.js";
import { noGrad } from "../../lib/tensor/context.js";
import { memory } from "../../lib/tensor/memory.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";
import {
  encodingsOf,
  fixture,
  largestDifference,
  readJson,
  readValues,
  relativeDifference,
} from "../support/fixtures.js";

const models = ["bert", "bert-gelu-new", "roberta", "xlm-roberta", "electra", "electra-small"];

describe.each(models)("%s computes what transformers computes", (name) => {
  const directory = fixture("encoders", name);

  async function load() {
    const expected = await readValues(`${directory}/expected.safetensors`);
    return { model: await SequenceModel.load(directory), expected };
  }

  it("has all weights", async () => {
    const { model } = await load();
    using disposed = model;
    expect(disposed.initialised).toEqual([]);
  });

  it("gives the hidden states of every layer, to 1e-5", async () => {
    const { model, expected } = await load();
    using disposed = model;
    await scope(async () => {
      const states = await noGrad(() => disposed.hiddenStates(encodingsOf(expected)));
      expect(states.length).toBe(model.config.numHiddenLayers + 1);
      states.forEach((state, layer) => {
        const { values } = expected.get(`hidden_states.${layer}`)!;
        expect(largestDifference(state.toNumbers(), values)).toBeLessThan(1e-5);
      });
    });
  });

  it("gives the logits, to 1e-5", async () => {
    const { model, expected } = await load();
    using disposed = model;
    using logits = await noGrad(() => disposed.forward(encodingsOf(expected), null));
    const { values } = expected.get("logits")!;
    expect(largestDifference(logits.toNumbers(), values)).toBeLessThan(1e-5);
  });

  it("gives the losses and every parameter's gradient, to 1e-4", async () => {
    const { model, expected } = await load();
    using disposed = model;
    const { labels, loss } = readJson<{
      labels: number[];
      loss: { mse: number; l1: number };
    }>(`${directory}/expected.json`);
    for (const parameter of disposed.parameters.values()) parameter.requiresGrad = true;
    await scope(async () => {
      const scores = ops.squeeze(await disposed.forward(encodingsOf(expected), null), 1);
      const targets = Tensor.from(Float32Array.from(labels));
      expect(l1(scores, targets).item()).toBeCloseTo(loss.l1, 4);
      const error = mse(scores, targets);
      expect(error.item()).toBeCloseTo(loss.mse, 4);
      await error.backward();
      const gradient = (parameter: string) => expected.get(`grad.${parameter}`)!.values;
      const all = [...disposed.parameters.keys()].flatMap(gradient);
      const largest = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (const [parameter, tensor] of disposed.parameters) {
        const actual = tensor.grad!.toNumbers();
        // Key biases cancel out in the softmax: their gradients are rounding errors around 0.
        const difference = relativeDifference(actual, gradient(parameter), largest * 1e-3);
        expect({ parameter, close: difference < 1e-4, difference }).toMatchObject({ close: true });
      }
    });
  });

  it("leaves no tensor behind", async () => {
    const before = memory();
    const { model, expected } = await load();
    for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
    await scope(async () => {
      const scores = ops.squeeze(await model.forward(encodingsOf(expected), null), 1);
      await mse(scores, Tensor.from(new Float32Array(scores.shape[0]!))).backward();
    });
    model[Symbol.dispose]();
    expect(memory()).toEqual(before);
  });
});

const variants = ["bert-no-prefix", "bert-gamma-beta", "roberta-mlm", "electra-discriminator"];

describe.each(variants)("a checkpoint of another kind, %s", (name) => {
  it("loads its encoder, names the head it lacks and computes the same", async () => {
    const directory = fixture("encoders/variants", name);
    const expected = await readValues(`${directory}/expected.safetensors`);
    using model = await SequenceModel.load(directory);
    expect(model.initialised.some((key) => key.startsWith("classifier."))).toBe(true);
    await scope(async () => {
      const states = await noGrad(() => model.hiddenStates(encodingsOf(expected)));
      states.forEach((state, layer) => {
        const { values } = expected.get(`hidden_states.${layer}`)!;
        expect(largestDifference(state.toNumbers(), values)).toBeLessThan(1e-5);
      });
    });
  });
});

it("a padding-free batch gives each sequence the score that it has alone", async () => {
  const directory = fixture("encoders/roberta");
  const encodings = encodingsOf(await readValues(`${directory}/expected.safetensors`));
  using model = await SequenceModel.load(directory);
  const score = (some: typeof encodings) =>
    scope(() => noGrad(async () => (await model.forward(some, null)).toNumbers()));
  const together = await score(encodings);
  for (const [i, encoding] of encodings.entries()) {
    expect(Math.abs((await score([encoding]))[0]! - together[i]!)).toBeLessThan(1e-5);
  }
});

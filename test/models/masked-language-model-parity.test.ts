import { MaskedLanguageModel } from "../../lib/models/masked-language-model.js";
import { autocast, noGrad } from "../../lib/tensor/context.js";
import { scope } from "../../lib/tensor/scope.js";
import { largestDifference, readJson, relativeDifference } from "../support/fixtures.js";
import { expectedOf, maskedBatch, maskedModel, maskedModels } from "./masked-batch.js";

describe.each(maskedModels)("%s predicts hidden tokens as transformers does", (name) => {
  let model: MaskedLanguageModel;
  let expected: Awaited<ReturnType<typeof expectedOf>>;
  const { loss, correct } = readJson<{ loss: number; correct: number }>(
    `${maskedModel(name)}/expected.json`,
  );

  beforeAll(async () => {
    expected = await expectedOf(name);
    model = await MaskedLanguageModel.load(maskedModel(name));
  });
  afterAll(() => model.dispose());

  it("has all weights", () => {
    expect(model.initialised).toEqual([]);
  });

  it("gives the logits of the masked positions alone, to 1e-5", async () => {
    using logits = await noGrad(() => model.forward(maskedBatch(expected), null));
    const { shape, values } = expected.get("logits")!;
    expect(logits.shape).toEqual(shape);
    expect(largestDifference(logits.toNumbers(), values)).toBeLessThan(1e-5);
  });

  it("gives the loss, to 1e-5, and every parameter's gradient, to 1e-4", async () => {
    for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
    await scope(async () => {
      const actual = await model.loss(maskedBatch(expected), null);
      expect(actual.shape).toEqual([]);
      expect(Math.abs(actual.item() - loss)).toBeLessThan(1e-5);
      await actual.backward();
      const gradient = (parameter: string) => expected.get(`grad.${parameter}`)!.values;
      const all = [...model.parameters.keys()].flatMap(gradient);
      const largest = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (const [parameter, tensor] of model.parameters) {
        // Key biases cancel out in the softmax: their gradients are rounding errors around 0.
        const floor = largest * 1e-3;
        const difference = relativeDifference(tensor.grad!.toNumbers(), gradient(parameter), floor);
        expect({ parameter, close: difference < 1e-4, difference }).toMatchObject({ close: true });
      }
    });
  });

  it("counts what it gets right, and its score is the loss summed", async () => {
    const batch = maskedBatch(expected);
    const score = await model.score(batch);
    const count = batch.reduce((sum, { targets }) => sum + targets.length, 0);
    expect(score).toMatchObject({ correct, count });
    expect(Math.abs(score.lossSum / count - loss)).toBeLessThan(1e-5);
  });

  it("has a float32 loss near that one under autocast, and gradients", async () => {
    for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
    await autocast("bfloat16", () =>
      scope(async () => {
        const actual = await model.loss(maskedBatch(expected), null);
        expect(actual.dtype).toBe("float32");
        expect(Math.abs(actual.item() - loss)).toBeLessThan(0.05);
        await actual.backward();
        const [gradient] = [...model.parameters.values()].map(({ grad }) => grad!);
        expect(gradient!.dtype).toBe("float32");
      }),
    );
  });
});

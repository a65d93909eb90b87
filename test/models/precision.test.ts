import path from "node:path";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { loadModel } from "../../lib/models/load-model.js";
import type { PairModel } from "../../lib/models/pair-model.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import { call } from "../../lib/tensor/call.js";
import { noGrad } from "../../lib/tensor/context.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import { tinyPairs, writeTinyModel } from "../support/tiny-model.js";
import { temporaryDirectory } from "../cli/support.js";

const directory = path.join(temporaryDirectory(), "model");
const pairs = tinyPairs(40).map(({ pair }) => pair);
const raw = { clamp: false };

beforeAll(() => writeTinyModel(directory));

const largestDifference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

/** That it is computed in 16 bits, and nearly the same. */
function expectRounded(rounded: readonly number[], exact: readonly number[]): void {
  const difference = largestDifference(rounded, exact);
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThan(3e-2);
}

describe("a precision that a model is loaded with", () => {
  it.each(["bf16", "fp16", "int8"] as const)("%s is that of its predictions", async (precision) => {
    using model = await loadModel(directory);
    using rounded = await loadModel(directory, { precision });
    expectRounded(await rounded.predict(pairs, raw), await model.predict(pairs, raw));
  });

  it("is that of the vectors of a sentence encoder", async () => {
    using model = await SentenceEncoder.load(directory);
    using rounded = await SentenceEncoder.load(directory, { precision: "bf16" });
    const options = { normalize: true };
    const [exact, near] = [
      await model.encode("가 나 다", options),
      await rounded.encode("가 나 다", options),
    ].map(([vector]) => [...vector!]);
    expectRounded(near!, exact!);
  });

  it("is that of an ensemble of such models", async () => {
    const members = async (precision: "fp32" | "bf16"): Promise<PairModel[]> => [
      await CrossEncoder.load(directory, { precision }),
      await CrossEncoder.load(directory, { precision }),
    ];
    using exact = VotingModel.create(await members("fp32"));
    using rounded = VotingModel.create(await members("bf16"));
    expectRounded(await rounded.predict(pairs, raw), await exact.predict(pairs, raw));
  });

  it("that is none is an error that names those there are", async () => {
    const precision = "int4" as "fp32";
    await expect(loadModel(directory, { precision })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/^precision: .*"fp32"\|"bf16"\|"fp16"\|"int8"/) as string,
    });
  });
});

describe("weights that change after a prediction", () => {
  it.each(["fp32", "bf16", "int8"] as const)("count in the next one, in %s", async (precision) => {
    using model = await CrossEncoder.load(directory, { precision });
    const before = await model.predict(pairs, raw);
    const name = "bert.encoder.layer.0.intermediate.dense.weight";
    const weight = model.parameters.get(name)!;
    scope(() => noGrad(() => void call("aten::copy_", weight, ops.scale(weight, 0.5))));
    const after = await model.predict(pairs, raw);
    expect(largestDifference(before, after)).toBeGreaterThan(1e-4);
    await model.save(path.join(directory, "..", precision));
    using again = await CrossEncoder.load(path.join(directory, "..", precision), { precision });
    expect(largestDifference(after, await again.predict(pairs, raw))).toBeLessThan(1e-6);
  });
});

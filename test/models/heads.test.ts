import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readSafetensorsHeader } from "../../lib/checkpoint/safetensors.js";
import { readTensors, saveSafetensors } from "../../lib/checkpoint/tensors.js";
import type { HeadConfig } from "../../lib/models/heads/head-config.js";
import { SequenceModel } from "../../lib/models/sequence-model.js";
import { Generator } from "../../lib/tensor/generator.js";
import { memory } from "../../lib/tensor/memory.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import type { Tensor } from "../../lib/tensor/tensor.js";
import {
  encodingsOf,
  fixture,
  largestDifference,
  readJson,
  readValues,
  relativeDifference,
} from "../support/fixtures.js";

type Case = { outputs: number } & HeadConfig;
const cases = Object.entries(readJson<Record<string, Case>>(fixture("heads/cases.json")));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-heads-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** An encoder of the fixtures with the head of a case, loaded from one file of weights. */
async function load(family: string, name: string, { outputs, ...head }: Case) {
  const encoder = fixture("encoders", family);
  const headFile = fixture(`heads/${family}-${name}.safetensors`);
  await copyFile(`${encoder}/config.json`, path.join(directory, "config.json"));
  await scope(async () => {
    const weights = new Map<string, Tensor>();
    for (const file of [`${encoder}/model.safetensors`, headFile]) {
      const { tensors } = await readSafetensorsHeader(file);
      const read = await readTensors([...tensors.values()]);
      [...tensors.keys()].forEach((key, i) => weights.set(key, read[i]!));
    }
    await saveSafetensors(path.join(directory, "model.safetensors"), weights, { format: "pt" });
  });
  const output =
    outputs === 1
      ? ({ type: "regression" } as const)
      : ({ type: "buckets", count: outputs } as const);
  const model = await SequenceModel.load(directory, { head, output, maxLength: 64 });
  return {
    model,
    expected: await readValues(headFile),
    encodings: encodingsOf(await readValues(`${encoder}/expected.safetensors`)),
  };
}

describe.each(["bert", "roberta"])("on %s", (family) => {
  it.each(cases)(
    "%s gives PyTorch's logits and gradients, to 1e-5 and 1e-4",
    async (name, settings) => {
      const before = memory();
      const { model, expected, encodings } = await load(family, name, settings);
      expect(model.initialised).toEqual([]);
      for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
      await scope(async () => {
        const logits = await model.forward(encodings, null);
        const { shape, values } = expected.get("logits")!;
        expect(logits.shape).toEqual(shape);
        expect(largestDifference(logits.toNumbers(), values)).toBeLessThan(1e-5);
        await ops.mseLoss(logits, ops.zerosLike(logits), "mean").backward();
        for (const [key, gradient] of expected) {
          if (!key.startsWith("grad.")) continue;
          const actual = model.parameters.get(key.slice("grad.".length))!.grad!.toNumbers();
          expect([key, relativeDifference(actual, gradient.values, 1e-3) < 1e-4]).toEqual([
            key,
            true,
          ]);
        }
      });
      model[Symbol.dispose]();
      expect(memory()).toEqual(before);
    },
  );
});

it("gradient checkpointing gives the same loss and gradients with dropout, to the bit", async () => {
  const name = "weighted-layers";
  const config = cases.find(([key]) => key === name)![1];
  const gradients = async (recompute: boolean) => {
    const { model, encodings } = await load("bert", name, config);
    using owned = model;
    for (const parameter of owned.parameters.values()) parameter.requiresGrad = true;
    return await scope(async () => {
      const pass = { dropout: new Generator(3), recompute };
      const logits = await owned.forward(encodings, pass);
      await ops.mseLoss(logits, ops.zerosLike(logits), "mean").backward();
      const all = [...owned.parameters.values()].map((tensor) => tensor.grad!.toNumbers());
      return { logits: logits.toNumbers(), all };
    });
  };
  expect(await gradients(true)).toEqual(await gradients(false));
});

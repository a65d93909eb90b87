import { mse } from "../../../lib/losses/mse.js";
import { SequenceModel } from "../../../lib/models/sequence-model.js";
import { autocast, type AutocastType } from "../../../lib/tensor/context.js";
import { memory } from "../../../lib/tensor/memory.js";
import { ops } from "../../../lib/tensor/ops.js";
import { scope } from "../../../lib/tensor/scope.js";
import { Tensor } from "../../../lib/tensor/tensor.js";
import { optimisationSchema, type OptimisationConfig } from "../../../lib/training/config.js";
import { GradScaler } from "../../../lib/training/optimisation/grad-scaler.js";
import { Optimisation } from "../../../lib/training/optimisation/optimisation.js";
import { groupParameters } from "../../../lib/training/optimisation/parameter-groups.js";
import { planRun } from "../../../lib/training/loop/plan.js";
import {
  encodingsOf,
  fixture,
  largestDifference,
  readJson,
  readValues,
  relativeDifference,
} from "../../support/fixtures.js";

const directory = fixture("encoders/bert");
const { labels } = readJson<{ labels: number[] }>(`${directory}/expected.json`);
const encodings = async () => encodingsOf(await readValues(`${directory}/expected.safetensors`));

/** 20 steps of one batch each. */
const settings = (change: Partial<OptimisationConfig>) =>
  optimisationSchema.parse({ epochs: 20, lr: 1e-3, warmupRatio: 0.1, ...change });

const grouped = {
  layerDecay: 0.7,
  parameterRules: [{ pattern: "attention\\.self\\.value", lr: 5e-4, weightDecay: 0.1 }],
};

async function lossOf(model: SequenceModel, type: AutocastType | null = null): Promise<Tensor> {
  const examples = await encodings();
  const logits = await autocast(type, () => model.forward(examples, null));
  return mse(ops.squeeze(logits, 1), Tensor.from(Float32Array.from(labels)));
}

async function takeStep(model: SequenceModel, optimisation: Optimisation, step: number) {
  const loss = await scope(async () => {
    const loss = await lossOf(model);
    await optimisation.scaleLoss(loss).backward();
    return loss.item();
  });
  return { loss, gradNorm: await optimisation.update(loss, step) };
}

const valuesOf = (model: SequenceModel) =>
  new Map([...model.parameters].map(([name, tensor]) => [name, tensor.toNumbers()]));

type Groups = { losses: number[]; rates: Record<string, number> };
const groups = readJson<Groups>(fixture("optimisation/groups.json"));

it("each parameter has the learning rate that torch.optim.AdamW is given", async () => {
  using model = await SequenceModel.load(directory);
  const found = groupParameters(model.parameters, settings(grouped)).flatMap(({ names, lr }) =>
    names.map((name) => [name, lr] as const),
  );
  expect(found).toHaveLength(Object.keys(groups.rates).length);
  for (const [name, lr] of found)
    expect([name, lr / groups.rates[name]!]).toEqual([name, expect.closeTo(1, 9)]);
});

it("a frozen layer counts for the learning rates of the others, and a rule may name it", async () => {
  using model = await SequenceModel.load(directory);
  const frozen = new Set([...model.parameters.keys()].filter((name) => name.includes("layer.1.")));
  const config = settings({
    layerDecay: 0.5,
    parameterRules: [{ pattern: "layer\\.1\\.", lr: 1 }],
  });
  const found = groupParameters(model.parameters, config, frozen);
  const rateOf = (part: string) =>
    found.find(({ names }) => names.some((name) => name.includes(part)))?.lr;
  expect(rateOf("classifier")).toBeCloseTo(1e-3, 12);
  expect(rateOf("layer.0.")).toBeCloseTo(0.25e-3, 12);
  expect(rateOf("embeddings.")).toBeCloseTo(0.125e-3, 12);
  expect(rateOf("layer.1.")).toBeUndefined();
});

it("a later rule wins, and what it leaves out stays", async () => {
  using model = await SequenceModel.load(directory);
  const parameterRules = [
    { pattern: "classifier", lr: 1, weightDecay: 0.5 },
    { pattern: "classifier.bias", lr: 2 },
  ];
  const found = groupParameters(model.parameters, settings({ parameterRules }));
  const of = (name: string) => {
    const { lr, weightDecay } = found.find(({ names }) => names.includes(name))!;
    return { lr, weightDecay };
  };
  expect(of("classifier.weight")).toEqual({ lr: 1, weightDecay: 0.5 });
  expect(of("classifier.bias")).toEqual({ lr: 2, weightDecay: 0.5 });
  expect(of("bert.pooler.dense.bias")).toEqual({ lr: 1e-3, weightDecay: 0 });
});

it.each([
  ["(", /parameterRules\.0\.pattern: "\(" is not a regular expression/],
  ["pooler\\.nothing", /parameterRules\.0\.pattern: no parameter's name matches .*such as bert\./],
])("the pattern %s of a rule is refused, saying what is wrong", async (pattern, message) => {
  using model = await SequenceModel.load(directory);
  const config = settings({ parameterRules: [{ pattern, lr: 1 }] });
  expect(() => groupParameters(model.parameters, config)).toThrow(message);
});

it.each([
  ["ema", { average: "ema", emaDecay: 0.9 }],
  ["swa", { average: "swa", swaStart: 0.5 }],
] as const)(
  "20 steps in groups follow torch.optim.AdamW to 1e-4, their weights and the %s of them to 1e-5",
  async (kind, average) => {
    const expected = await readValues(fixture("optimisation/averages.safetensors"));
    const before = memory();
    const model = await SequenceModel.load(directory);
    const config = settings({ ...grouped, ...average });
    const optimisation = new Optimisation(model.parameters, new Set(), config, planRun(config, 1));
    const losses: number[] = [];
    for (let step = 1; step <= 20; step++) {
      losses.push((await takeStep(model, optimisation, step)).loss);
    }
    const final = valuesOf(model);
    const averaged = await optimisation.averaged(() => Promise.resolve(valuesOf(model)));
    expect(valuesOf(model)).toEqual(final);
    optimisation[Symbol.dispose]();
    model[Symbol.dispose]();

    expect(relativeDifference(losses, groups.losses)).toBeLessThan(1e-4);
    let compared = 0;
    for (const [name, { values }] of expected) {
      const [of, parameter] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)];
      if (of !== "final" && of !== kind) continue;
      const actual = (of === "final" ? final : averaged).get(parameter)!;
      expect([name, largestDifference(actual, values) < 1e-5]).toEqual([name, true]);
      compared++;
    }
    expect(compared).toBe(10);
    expect(memory()).toEqual(before);
  },
);

type Case = { logits: number[]; loss: number; gradNorm: number };
const cases = readJson<Record<"fp32" | "bf16" | "fp16", Case>>(
  fixture("optimisation/autocast.json"),
);

// bfloat16 has 8 bits, float16 11; the order of sums differs.
it.each([
  ["bfloat16", cases.bf16, 3e-2, 1e-2],
  ["float16", cases.fp16, 4e-3, 2e-3],
] as const)(
  "in %s logits, loss and gradients are torch.autocast's, and the weights and gradients float32",
  async (type, expected, tolerance, gradTolerance) => {
    using model = await SequenceModel.load(directory);
    for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
    const examples = await encodings();
    await scope(async () => {
      const logits = await autocast(type, () => model.forward(examples, null));
      expect(logits.dtype).toBe("float32");
      expect(relativeDifference(logits.toNumbers(), expected.logits)).toBeLessThan(tolerance);
      // It is not simply float32.
      expect(largestDifference(logits.toNumbers(), cases.fp32.logits)).toBeGreaterThan(1e-5);
      const loss = await lossOf(model, type);
      await loss.backward();
      expect(relativeDifference([loss.item()], [expected.loss])).toBeLessThan(gradTolerance);
      const grads = [...model.parameters.values()].map((parameter) => parameter.grad!);
      const norm = ops.norm(ops.stack(grads.map((grad) => ops.norm(grad)))).item();
      expect(relativeDifference([norm], [expected.gradNorm])).toBeLessThan(gradTolerance);
      const types = [...model.parameters.values(), ...grads].map(({ dtype }) => dtype);
      expect(new Set(types)).toEqual(new Set(["float32"]));
    });
    ops.clearGrads([...model.parameters.values()]);
  },
);

it("the scale of the loss follows torch.amp.GradScaler", () => {
  type Run = { finite: boolean; steps: number; scale: number };
  const scaler = new GradScaler();
  scaler.restore({ ...scaler.state, stepsSinceGrowth: 1998 });
  for (const { finite, steps, scale } of readJson<Run[]>(fixture("optimisation/scaler.json"))) {
    for (let i = 0; i < steps; i++) scaler.update(finite);
    expect(scaler.state.scale).toBe(scale);
  }
  expect(scaler.state).toMatchObject({ skipped: 4, skippedInARow: 0 });
});

describe("a step whose gradients overflow", () => {
  const config = settings({ precision: "fp16", average: "ema" });
  const make = (model: SequenceModel) =>
    new Optimisation(model.parameters, new Set(), config, planRun(config, 1));
  const overflow = (optimisation: Optimisation) => {
    const { scaler, ...state } = optimisation.state;
    optimisation.restore({ ...state, scaler: { ...scaler!, scale: 2 ** 126 } });
  };

  it("is skipped and halves the scale; weights, schedule and average stay", async () => {
    using model = await SequenceModel.load(directory);
    using optimisation = make(model);
    for (const step of [1, 2, 3]) await takeStep(model, optimisation, step);
    const [weights, lr, before] = [valuesOf(model), optimisation.lr, optimisation.state];
    overflow(optimisation);
    expect(await takeStep(model, optimisation, 4)).toMatchObject({ gradNorm: null });
    expect(valuesOf(model)).toEqual(weights);
    expect(optimisation.lr).toBe(lr);
    expect(optimisation.scaling).toEqual({ lossScale: 2 ** 125, skippedSteps: 1 });
    expect(optimisation.state).toMatchObject({ updates: 3, averagedUpdates: 3 });
    optimisation.restore(before);
    expect((await takeStep(model, optimisation, 5)).gradNorm).toBeGreaterThan(1);
    expect(valuesOf(model)).not.toEqual(weights);
  });

  it("gradients are clipped after they are unscaled", async () => {
    using model = await SequenceModel.load(directory);
    using optimisation = make(model);
    const { gradNorm } = await takeStep(model, optimisation, 1);
    expect(gradNorm).toBeCloseTo(cases.fp32.gradNorm, 2);
  });

  it("17 times in a row ends the run and says what to do", async () => {
    using model = await SequenceModel.load(directory);
    using optimisation = make(model);
    for (let step = 1; step <= 16; step++) {
      overflow(optimisation);
      await takeStep(model, optimisation, step);
    }
    overflow(optimisation);
    await expect(takeStep(model, optimisation, 17)).rejects.toMatchObject({
      code: "NOT_FINITE",
      message: expect.stringMatching(/17 steps in a row.*bf16 or fp32.*learning rate/s) as string,
    });
  });
});

it("gradients that are not finite end a run in float32 at once", async () => {
  using model = await SequenceModel.load(directory);
  const config = settings({});
  using optimisation = new Optimisation(model.parameters, new Set(), config, planRun(config, 1));
  await scope(async () => {
    const loss = await lossOf(model);
    await ops.scale(loss, Infinity).backward();
  });
  await expect(optimisation.update(1, 7)).rejects.toMatchObject({
    code: "NOT_FINITE",
    message: expect.stringMatching(/Step 7: the loss is 1 and the norm.*learning rate/) as string,
  });
});

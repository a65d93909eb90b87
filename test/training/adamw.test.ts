import { losses } from "../../lib/losses/registry.js";
import { SequenceModel } from "../../lib/models/sequence-model.js";
import { memory } from "../../lib/tensor/memory.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";
import { AdamW } from "../../lib/training/adamw.js";
import { createSchedule } from "../../lib/training/schedule.js";
import {
  encodingsOf,
  fixture,
  readJson,
  readValues,
  relativeDifference,
} from "../support/fixtures.js";

type Curve = { losses: number[]; gradient_norms: number[]; learning_rates: number[] };

it.each(["bert", "roberta", "electra-small"])(
  "20 steps of %s follow torch.optim.AdamW: losses, norms and rates, to 1e-4",
  async (name) => {
    const directory = fixture("encoders", name);
    const expected = readJson<Curve>(`${directory}/adamw.json`);
    const encodings = encodingsOf(await readValues(`${directory}/expected.safetensors`));
    const { labels } = readJson<{ labels: number[] }>(`${directory}/expected.json`);
    const curve: Curve = { losses: [], gradient_norms: [], learning_rates: [] };

    const before = memory();
    const model = await SequenceModel.load(directory, 0);
    for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
    const optimizer = new AdamW(model.parameters, { weightDecay: 0.01 });
    const schedule = createSchedule("linear", 2, 20);
    for (let step = 0; step < 20; step++) {
      const lr = 1e-3 * schedule(step);
      const loss = await scope(async () => {
        const scores = await model.forward(encodings, null);
        const mse = losses.mse(scores, Tensor.from(Float32Array.from(labels)));
        await mse.backward();
        return mse.item();
      });
      curve.losses.push(loss);
      curve.learning_rates.push(lr);
      curve.gradient_norms.push(await optimizer.clipGradNorm(1));
      await optimizer.step(lr);
      optimizer.zeroGrad();
    }
    optimizer.dispose();
    model[Symbol.dispose]();

    expect(relativeDifference(curve.losses, expected.losses)).toBeLessThan(1e-4);
    expect(relativeDifference(curve.gradient_norms, expected.gradient_norms)).toBeLessThan(1e-4);
    expect(relativeDifference(curve.learning_rates, expected.learning_rates)).toBeLessThan(1e-9);
    expect(memory()).toEqual(before);
  },
);

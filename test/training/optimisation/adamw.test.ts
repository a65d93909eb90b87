import { mse } from "../../../lib/losses/mse.js";
import { SequenceModel } from "../../../lib/models/sequence-model.js";
import { memory } from "../../../lib/tensor/memory.js";
import { ops } from "../../../lib/tensor/ops.js";
import { scope } from "../../../lib/tensor/scope.js";
import { Tensor } from "../../../lib/tensor/tensor.js";
import { groupParameters } from "../../../lib/training/optimisation/parameter-groups.js";
import { AdamW } from "../../../lib/training/optimisation/adamw.js";
import { createSchedule } from "../../../lib/training/optimisation/schedule.js";
import {
  encodingsOf,
  fixture,
  readJson,
  readValues,
  relativeDifference,
} from "../../support/fixtures.js";

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
    const model = await SequenceModel.load(directory);
    for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
    const optimizer = new AdamW(
      groupParameters(model.parameters, {
        ...{ lr: 1e-3, weightDecay: 0.01, layerDecay: 1, parameterRules: [] },
      }),
    );
    const schedule = createSchedule("linear", 2, 20);
    for (let step = 0; step < 20; step++) {
      const share = schedule(step);
      const loss = await scope(async () => {
        const scores = ops.squeeze(await model.forward(encodings, null), 1);
        const error = mse(scores, Tensor.from(Float32Array.from(labels)));
        await error.backward();
        return error.item();
      });
      curve.losses.push(loss);
      curve.learning_rates.push(1e-3 * share);
      curve.gradient_norms.push(await optimizer.clipGradNorm(1));
      await optimizer.step(share);
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

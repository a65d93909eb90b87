import { losses, type LossName } from "../../lib/losses/registry.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";
import { fixture, largestDifference, readJson } from "../support/fixtures.js";

type Expected = { value: number; gradient: number[] };
const { scores, labels, ...expected } = readJson<
  { scores: number[]; labels: number[] } & Record<LossName, Expected>
>(fixture("encoders/losses.json"));

it.each(["l1", "mse"] as const)("%s has PyTorch's value and gradient, to 1e-6", async (name) => {
  await scope(async () => {
    const input = Tensor.from(Float32Array.from(scores));
    input.requiresGrad = true;
    const loss = losses[name](input, Tensor.from(Float32Array.from(labels)));
    await loss.backward();
    expect(loss.item()).toBeCloseTo(expected[name].value, 6);
    const gradient = input.grad!.toNumbers();
    expect(largestDifference(gradient, expected[name].gradient)).toBeLessThan(1e-6);
  });
});

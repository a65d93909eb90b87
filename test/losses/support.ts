import type { LabelRange } from "../../lib/data/pair.js";
import type { Outputs, Targets } from "../../lib/losses/loss.js";
import { Tensor } from "../../lib/tensor/tensor.js";
import { fixture, readJson } from "../support/fixtures.js";

export type Rows = readonly (readonly number[])[];

/** An entry of `batches` in a file of test/fixtures/losses; which inputs it has depends on the file. */
export type Batch = {
  range: LabelRange;
  labels: readonly number[];
  scores: readonly number[];
  logits: Rows;
  embeddings: readonly Rows[];
  passes: readonly (readonly number[] | Rows)[];
};

export type Case = {
  loss: string;
  batch: string;
  value: number;
  gradients: readonly (readonly number[])[];
};

export const readLosses = (name: string) =>
  readJson<{ batches: Record<string, Batch>; cases: Case[] }>(fixture(`losses/${name}.json`));

export const isMatrix = (values: readonly number[] | Rows): values is Rows =>
  Array.isArray(values[0]);

/** A float32 tensor that wants a gradient: [n] of numbers, [n, m] of rows. */
export function leaf(values: readonly number[] | Rows): Tensor {
  const shape = isMatrix(values) ? [values.length, values[0]!.length] : [values.length];
  const tensor = Tensor.from(Float32Array.from(values.flat()), shape);
  tensor.requiresGrad = true;
  return tensor;
}

export const targetsOf = (
  labels: readonly number[],
  labelRange: LabelRange = { min: 0, max: 5 },
): Targets => ({ labels: Tensor.from(Float32Array.from(labels)), labelRange });

/** A model's outputs, where what is left out is what the model does not have. */
export const outputsWith = (given: Partial<Outputs>): Outputs => ({
  scores: given.scores ?? Tensor.from(new Float32Array(1)),
  logits: given.logits ?? null,
  embeddings: given.embeddings ?? [],
});

/** The gradients of `loss` by `leaves`; zeros where it does not depend on one. */
export async function gradientsOf(loss: Tensor, leaves: readonly Tensor[]): Promise<number[][]> {
  await loss.backward();
  return leaves.map(
    (input) => input.grad?.toNumbers() ?? Array.from(input.toData() as Float32Array, () => 0),
  );
}

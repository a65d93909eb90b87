import type { Generator } from "../tensor/generator.js";
import { noGrad } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";

/** Trainable tensors by their names in the checkpoint, in the order in which they are saved. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** A parameter that a model has: its shape, and how it starts when the checkpoint lacks it. */
export type ParameterSpec = {
  name: string;
  shape: readonly number[];
  initial: "normal" | "zeros" | "ones";
};

export const linearSpec = (name: string, inputs: number, outputs: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [outputs, inputs], initial: "normal" },
  { name: `${name}.bias`, shape: [outputs], initial: "zeros" },
];

export const layerNormSpec = (name: string, size: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [size], initial: "ones" },
  { name: `${name}.bias`, shape: [size], initial: "zeros" },
];

export const embeddingSpec = (name: string, rows: number, size: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [rows, size], initial: "normal" },
];

/** A starting value as transformers makes it: N(0, initializer_range) for weights. */
export function initialise(
  spec: ParameterSpec,
  initializerRange: number,
  generator: Generator,
): Tensor {
  return noGrad(() => {
    if (spec.initial === "zeros") return ops.zeros(spec.shape);
    if (spec.initial === "ones") return ops.ones(spec.shape);
    return ops.normal(spec.shape, initializerRange, generator);
  });
}

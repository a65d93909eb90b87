import { call, callInBackground } from "../tensor/call.js";
import { noGrad } from "../tensor/context.js";
import type { Generator } from "../tensor/generator.js";
import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";

/** Trainable tensors by their names in the checkpoint, in the order in which they are saved. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** A parameter that a model has: its shape, and how it starts when the checkpoint lacks it. */
export type ParameterSpec = {
  name: string;
  shape: readonly number[];
  initial: "normal" | "zeros" | "ones";
  /** Whether its first size is the number of outputs, which differs from task to task. */
  isOutput?: boolean;
  /** A row that starts as zeros whatever `initial` says: that of the padding. */
  zeroRow?: number | undefined;
};

export const linearSpec = (name: string, inputs: number, outputs: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [outputs, inputs], initial: "normal" },
  { name: `${name}.bias`, shape: [outputs], initial: "zeros" },
];

/** A linear layer whose outputs are the task's. */
export const outputSpec = (name: string, inputs: number, outputs: number): ParameterSpec[] =>
  linearSpec(name, inputs, outputs).map((spec) => ({ ...spec, isOutput: true }));

export const layerNormSpec = (name: string, size: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [size], initial: "ones" },
  { name: `${name}.bias`, shape: [size], initial: "zeros" },
];

export const embeddingSpec = (name: string, rows: number, size: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [rows, size], initial: "normal" },
];

/** A starting value as transformers makes it: N(0, initializer_range) for weights. */
export function initialise(
  { shape, initial, zeroRow }: ParameterSpec,
  initializerRange: number,
  generator: Generator,
): Promise<Tensor> {
  return noGrad(async () => {
    if (initial === "zeros") return ops.zeros(shape);
    if (initial === "ones") return ops.ones(shape);
    const distribution = [0, initializerRange, shape, generator] as const;
    const drawn = await callInBackground("aten::normal.float_float", ...distribution);
    const values = drawn as Tensor;
    if (zeroRow !== undefined) call("aten::zero_", ops.narrow(values, 0, zeroRow, 1));
    return ops.toFloat32(values);
  });
}

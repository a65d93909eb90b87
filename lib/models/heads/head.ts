import { callInBackground } from "../../tensor/call.js";
import { ops } from "../../tensor/ops.js";
import type { Generator } from "../../tensor/generator.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { StatesToRead } from "../encoder.js";
import type { PackedBatch } from "../packing.js";
import type { Parameters, ParameterSpec } from "../parameters.js";

/** What a head works on. */
export type HeadInput = {
  /**
   * What it reads, each float32 [totalTokens, hiddenSize], or [sequences, hiddenSize] of the first
   * tokens.
   */
  states: readonly Tensor[];
  batch: PackedBatch;
  /** At least those of the head's `specs`. */
  parameters: Parameters;
  /** Where dropout draws from; null outside training, where there is none. */
  dropout: Generator | null;
};

/** What stands on an encoder and turns its hidden states into logits. */
export interface Head {
  /** Its parameters, by the names under which a checkpoint holds them. */
  readonly specs: readonly ParameterSpec[];

  readonly reads: StatesToRead;

  /** @returns the logits of each sequence, [sequences, outputs] */
  forward(input: HeadInput): Tensor | Promise<Tensor>;
}

/** Applies the linear layer `name` to [rows, inputs]. */
export const linear = (parameters: Parameters, name: string, input: Tensor): Tensor =>
  ops.linear(input, parameters.get(`${name}.weight`)!, parameters.get(`${name}.bias`)!);

/** The same for the vectors of many tokens, too long for the thread of the event loop. */
export const linearInBackground = async (
  parameters: Parameters,
  name: string,
  input: Tensor,
): Promise<Tensor> => {
  const [weight, bias] = [parameters.get(`${name}.weight`)!, parameters.get(`${name}.bias`)!];
  return (await callInBackground("aten::linear", input, weight, bias)) as Tensor;
};

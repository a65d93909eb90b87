import type { TensorLocation } from "../checkpoint/location.js";
import { readTensors } from "../checkpoint/tensors.js";
import { callInBackground, type Argument } from "../tensor/call.js";
import { noGrad } from "../tensor/context.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Parameters } from "./parameters.js";

/** Beside a weight of bytes: what each of its rows is multiplied with. */
export const scaleName = (weight: string): string => `${weight}_scale`;

/** The weights of the encoder's products; embeddings, normalisations and biases stay float32. */
const isQuantised = (name: string, { shape }: Tensor): boolean =>
  shape.length === 2 && /\bencoder\.layer\.\d+\./.test(name);

/** What `config.json` says of such weights, so that Python does not take the bytes for numbers. */
export const quantisationEntry = { quantization_config: { quant_method: "sts-native-int8" } };

/**
 * Parameters as an int8 model holds them: every row of an encoder's weight as bytes of -127 to 127 and
 * a scale, as prediction in int8 computes with them. The new tensors are the caller's to free.
 */
export const quantiseWeights = (parameters: Parameters): Promise<Parameters> =>
  noGrad(async () => {
    const quantised = new Map<string, Tensor>();
    for (const [name, tensor] of parameters) {
      if (!isQuantised(name, tensor)) {
        quantised.set(name, tensor);
        continue;
      }
      const { bytes, scales } = await quantise(tensor);
      quantised.set(name, bytes);
      quantised.set(scaleName(name), scales);
    }
    return quantised;
  });

const quantise = (weight: Tensor): Promise<{ bytes: Tensor; scales: Tensor }> =>
  scope(async () => {
    const greatest = await run("aten::amax", await run("aten::abs", weight), [1]);
    // A row of zeros has no scale.
    const scales = await run(
      "aten::clamp_min",
      await run("aten::div.Scalar", greatest, 127),
      1e-30,
    );
    const column = await run("aten::unsqueeze", scales, 1);
    const rounded = await run("aten::round", await run("aten::div.Tensor", weight, column));
    return { bytes: await run("aten::to.dtype", rounded, "int8"), scales };
  });

/** The float32 weight that bytes stand for, whose memory is freed. */
export const dequantise = (bytes: Tensor, scales: TensorLocation): Promise<Tensor> =>
  scope(async () => {
    using quantised = bytes;
    const weight = await run("aten::to.dtype", quantised, "float32");
    const [factors] = await readTensors([scales]);
    return await run("aten::mul.Tensor", weight, await run("aten::unsqueeze", factors, 1));
  });

const run = async (operator: string, ...args: Argument[]): Promise<Tensor> =>
  (await callInBackground(operator, ...args)) as Tensor;

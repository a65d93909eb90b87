import { StsError } from "../foundation/errors.js";
import type { DType } from "./dtype.js";
import { loadAddon } from "./load.js";

declare const kind: unique symbol;

/** Native objects as JavaScript sees them: opaque, and checked by their type tags. */
export type TensorHandle = { readonly [kind]: "tensor" };
export type GeneratorHandle = { readonly [kind]: "generator" };
export type EncoderHandle = { readonly [kind]: "encoder" };

export type NumericArray =
  Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array | BigInt64Array;

export type NativeTensorInfo = {
  shape: number[];
  dtype: DType;
  requiresGrad: boolean;
};

export type NativeEncoderConfig = {
  numHiddenLayers: number;
  numAttentionHeads: number;
  layerNormEps: number;
  hiddenDropoutProb: number;
  attentionProbsDropoutProb: number;
  hiddenAct: string;
};

export type NativePackedBatch = {
  inputIds: TensorHandle;
  positionIds: TensorHandle;
  tokenTypeIds: TensorHandle;
  cumulativeLengths: readonly number[];
};

export type NativeTensorLocation = {
  file: string;
  dtype: DType;
  shape: readonly number[];
  stride: readonly number[];
  byteOffset: number;
};

/** How operators run: see `native/interop/mode.h`. */
export type NativeMode = [gradEnabled: boolean, autocast: DType | null];

/**
 * The whole boundary. Functions that return a promise work on the addon's own thread, one after
 * the other; the rest are short and run on the calling thread. Every failure is an `StsError`.
 */
export interface Addon {
  initialize(errorClass: typeof StsError): void;
  shutdown(): void;
  runtimeInfo(): {
    libtorch: string;
    cpuCapability: string;
    threads: number;
    mkldnn: boolean;
    cuda: boolean;
  };
  memory(): { tensors: number; bytes: number };

  call(name: string, overload: string, args: readonly unknown[], ...mode: NativeMode): unknown;
  callInBackground(
    name: string,
    overload: string,
    args: readonly unknown[],
    ...mode: NativeMode
  ): Promise<unknown>;

  tensorFromData(
    data: NumericArray,
    shape: readonly number[],
    dtype: DType,
    device: string,
  ): TensorHandle;
  tensorToData(tensor: TensorHandle): NumericArray;
  tensorInfo(tensor: TensorHandle): NativeTensorInfo;
  disposeTensor(tensor: TensorHandle): void;
  setRequiresGrad(tensor: TensorHandle, requiresGrad: boolean): void;
  grad(tensor: TensorHandle): TensorHandle | null;
  clearGrads(tensors: readonly TensorHandle[]): void;
  backward(loss: TensorHandle): Promise<void>;

  createGenerator(seed: bigint, device: string): GeneratorHandle;
  generatorState(generator: GeneratorHandle): TensorHandle;
  setGeneratorState(generator: GeneratorHandle, state: TensorHandle): void;

  createEncoder(
    config: NativeEncoderConfig,
    names: readonly string[],
    parameters: readonly TensorHandle[],
  ): EncoderHandle;
  disposeEncoder(encoder: EncoderHandle): void;
  encode(
    encoder: EncoderHandle,
    batch: NativePackedBatch,
    dropout: GeneratorHandle | null,
    recompute: boolean,
    gradEnabled: boolean,
    autocast: NativeMode[1],
    quantised: boolean,
    onlyFirst: boolean,
  ): Promise<TensorHandle>;
  encodeHiddenStates(
    encoder: EncoderHandle,
    batch: NativePackedBatch,
    dropout: GeneratorHandle | null,
    recompute: boolean,
    gradEnabled: boolean,
    autocast: NativeMode[1],
    quantised: boolean,
  ): Promise<TensorHandle[]>;

  /** In place, on the CPU; lists of one length. */
  adamWStep(
    parameters: readonly TensorHandle[],
    gradients: readonly TensorHandle[],
    means: readonly TensorHandle[],
    squares: readonly TensorHandle[],
    steps: readonly TensorHandle[],
    options: NativeAdamWOptions,
  ): Promise<void>;

  readTensors(locations: readonly NativeTensorLocation[]): Promise<TensorHandle[]>;
  writeTensors(path: string, header: Uint8Array, tensors: readonly TensorHandle[]): Promise<void>;
}

export type NativeAdamWOptions = {
  lr: number;
  beta1: number;
  beta2: number;
  weightDecay: number;
  eps: number;
  /** What the gradients are multiplied with first. */
  gradientFactor: number;
};

let loaded: Addon | undefined;

/** The addon, loaded on first use so that commands that need no libtorch run without it. */
export function addon(): Addon {
  if (!loaded) {
    const module = loadAddon() as Addon;
    module.initialize(StsError);
    // `process.exit` runs no clean-up of the environment: work would go on while libtorch is taken down.
    process.once("exit", () => module.shutdown());
    loaded = module;
  }
  return loaded;
}

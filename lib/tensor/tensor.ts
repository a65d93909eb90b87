import { StsError, invalidArgument } from "../foundation/errors.js";
import {
  addon,
  type NativeTensorInfo,
  type NumericArray,
  type TensorHandle,
} from "../native/addon.js";
import type { DType } from "../native/dtype.js";
import { currentContext, currentDevice } from "./context.js";

/**
 * An n-dimensional array of libtorch. It is freed when it is disposed, when the `scope` around it
 * ends or, at the latest, at garbage collection. Every use after that throws `DISPOSED`.
 */
export class Tensor implements Disposable {
  #handle: TensorHandle | undefined;
  #info: NativeTensorInfo | undefined;

  /** Takes over a handle that the addon has just made. */
  constructor(handle: TensorHandle) {
    this.#handle = handle;
    currentContext().scope?.add(this);
  }

  /**
   * A tensor with a copy of `data` in row-major order.
   * @param shape sizes whose product is `data.length`; one dimension when left out
   * @param dtype the element type to convert to; the array's own when left out
   */
  static from(data: NumericArray, shape: readonly number[] = [data.length], dtype?: DType): Tensor {
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== data.length) {
      throw invalidArgument("shape", `a product of ${data.length}`, shape.join(" × "));
    }
    const type = dtype ?? elementType(data);
    return new Tensor(addon().tensorFromData(data, shape, type, currentDevice()));
  }

  /** The native handle. Throws `DISPOSED` after `dispose`. */
  get handle(): TensorHandle {
    if (!this.#handle) throw new StsError("DISPOSED", "The tensor has been disposed.");
    return this.#handle;
  }

  get isDisposed(): boolean {
    return this.#handle === undefined;
  }

  get shape(): readonly number[] {
    return this.#description.shape;
  }

  get dtype(): DType {
    return this.#description.dtype;
  }

  get requiresGrad(): boolean {
    return addon().tensorInfo(this.handle).requiresGrad;
  }

  set requiresGrad(value: boolean) {
    addon().setRequiresGrad(this.handle, value);
  }

  /** The gradient that `backward` has accumulated, as a new tensor that shares its memory. */
  get grad(): Tensor | null {
    const handle = addon().grad(this.handle);
    return handle && new Tensor(handle);
  }

  /**
   * The elements in row-major order, copied: a Float32Array for float32, a BigInt64Array for
   * int64, and so on. float16 and bfloat16 have no typed array: convert them first.
   */
  toData(): NumericArray {
    return addon().tensorToData(this.handle);
  }

  /** The elements as numbers. int64 beyond 2^53 loses precision. */
  toNumbers(): number[] {
    return Array.from(this.toData() as ArrayLike<number | bigint>, Number);
  }

  /** The only element. Throws `INVALID_ARGUMENT` when there is not exactly one. */
  item(): number {
    const data = this.toData();
    if (data.length !== 1) throw invalidArgument("item", "a tensor of one element", data.length);
    return Number(data[0]);
  }

  /**
   * Computes the gradients of this scalar for every tensor that requires one, on the background
   * thread, and adds them to their `grad`. The graph is freed.
   */
  async backward(): Promise<void> {
    await addon().backward(this.handle);
  }

  dispose(): void {
    if (!this.#handle) return;
    addon().disposeTensor(this.#handle);
    this.#handle = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #description(): NativeTensorInfo {
    this.#info ??= addon().tensorInfo(this.handle);
    return this.#info;
  }
}

function elementType(data: NumericArray): DType {
  const types: Record<string, DType> = {
    Float32Array: "float32",
    Float64Array: "float64",
    Int32Array: "int32",
    Int16Array: "int16",
    Int8Array: "int8",
    Uint8Array: "uint8",
    BigInt64Array: "int64",
  };
  const name = data[Symbol.toStringTag];
  const type = types[name];
  if (!type) throw invalidArgument("data", "a numeric typed array", name);
  return type;
}

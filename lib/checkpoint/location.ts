import type { DType } from "../native/dtype.js";

/**
 * Where a tensor lies on disk: element `[i0, …, in]` is found `Σ ik·stride[k]` elements after
 * `byteOffset`, little-endian. Every element has been checked to lie inside the file as it was
 * when it was opened.
 */
export type TensorLocation = {
  file: string;
  dtype: DType;
  shape: readonly number[];
  /** Distance between neighbours along each dimension, in elements; never negative. */
  stride: readonly number[];
  /** Of the element at index 0…0, in the file. Not necessarily a multiple of the element size. */
  byteOffset: number;
};

/** libtorch's own limit on the number of dimensions. */
const maxRank = 64;

export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether these are sizes or strides of a tensor that can be counted without overflow. */
export function isShape(value: readonly unknown[]): value is readonly number[] {
  if (value.length > maxRank || !value.every(isSize)) return false;
  // A dimension of 0 must not hide an overflow in the others: their strides would overflow too.
  const product = value.reduce((total, size) => total * Math.max(size, 1), 1);
  return Number.isSafeInteger(product * 8);
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The strides of a tensor whose last dimension varies fastest, in elements. */
export function contiguousStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    stride[dimension] = step;
    step *= Math.max(shape[dimension]!, 1);
  }
  return stride;
}

import { types } from "node:util";
import { invalidArgument } from "../foundation/errors.js";
import { unitVectors } from "../losses/similarity.js";
import { callInBackground } from "../tensor/call.js";
import { autocast, noGrad } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { rowsOf } from "./encode-sentences.js";

/**
 * The cosines between each vector of `first` and each of `second`; 0 with a zero vector.
 * @returns a row for each of `first`, with a value from -1 to 1 for each of `second`
 * @throws StsError `INVALID_ARGUMENT` when the vectors differ in length
 */
export async function cosineSimilarities(
  first: readonly Float32Array[],
  second: readonly Float32Array[],
): Promise<Float32Array[]> {
  const size = (first[0] ?? second[0])?.length ?? 0;
  requireVectors("first", first, size);
  requireVectors("second", second, size);
  if (first.length === 0 || second.length === 0) return first.map(() => new Float32Array());
  return scope(() =>
    noGrad(async () => {
      const rows = unitVectors(matrixOf(first, size));
      const columns = ops.t(unitVectors(matrixOf(second, size)));
      const product = () => callInBackground("aten::matmul", rows, columns);
      // In float32 whatever surrounds the call.
      return rowsOf((await autocast(null, product)) as Tensor);
    }),
  );
}

/** [vectors.length, size] */
function matrixOf(vectors: readonly Float32Array[], size: number): Tensor {
  const data = new Float32Array(vectors.length * size);
  vectors.forEach((vector, row) => data.set(vector, row * size));
  return Tensor.from(data, [vectors.length, size]);
}

function requireVectors(name: string, vectors: readonly unknown[], size: number): void {
  vectors.forEach((vector, index) => {
    const isVector = types.isFloat32Array(vector);
    if (isVector && vector.length === size && size > 0) return;
    const expected = `a Float32Array of ${size} numbers, as many as the first vector has`;
    throw invalidArgument(`${name}[${index}]`, expected, isVector ? vector.length : vector);
  });
}

import { replaceFile } from "../foundation/atomic-file.js";
import { addon } from "../native/addon.js";
import { Tensor } from "../tensor/tensor.js";
import type { TensorLocation } from "./location.js";
import { encodeSafetensorsHeader } from "./safetensors.js";

/** Reads tensors in the background, contiguous and in the dtypes in which they are stored. */
export async function readTensors(locations: readonly TensorLocation[]): Promise<Tensor[]> {
  const handles = await addon().readTensors(locations);
  return handles.map((handle) => new Tensor(handle));
}

/**
 * Writes a safetensors file in the background, so that after a crash the path holds the old file
 * or the new one.
 * @throws StsError `IO_FAILED`
 */
export async function saveSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const entries = [...tensors].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const handles = [...tensors.values()].map((tensor) => tensor.handle);
  const header = encodeSafetensorsHeader(entries, metadata);
  await replaceFile(path, (temporary) => addon().writeTensors(temporary, header, handles));
}

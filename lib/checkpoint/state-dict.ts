import { describe, StsError } from "../foundation/errors.js";
import { bytesPerElement } from "../native/dtype.js";
import { corrupt } from "./checkpoint-file.js";
import type { CheckpointFile } from "./checkpoint-file.js";
import { elementCount } from "./location.js";
import type { TensorLocation } from "./location.js";
import { PickleDict } from "./pickle-values.js";
import type { PickleValue } from "./pickle-values.js";
import { TorchTensor } from "./torch-objects.js";

/** Where a storage's elements lie in the file, in bytes. */
export type StoragePlace = { byteOffset: number; byteLength: number };

/** Under which training scripts save a state dict beside their other state. */
const nestingKeys = ["state_dict", "model"];

/**
 * The tensors of an unpickled state dict by name. Entries that are not tensors are left out.
 * @throws StsError UNSUPPORTED_MODEL where there are none
 */
export function findTensors(path: string, pickled: PickleValue): Map<string, TorchTensor> {
  const top = pickled instanceof PickleDict ? pickled : new PickleDict();
  const nested = nestingKeys.map((key) => top.entries.get(key));
  for (const dict of [...nested, top]) {
    if (!(dict instanceof PickleDict)) continue;
    const tensors = new Map<string, TorchTensor>();
    for (const [name, value] of dict.entries) {
      if (typeof name === "string" && value instanceof TorchTensor) tensors.set(name, value);
    }
    if (tensors.size > 0) return tensors;
  }
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${path}: expected a state dict, that is a dict of tensors by name, alone or under one of the keys ${nestingKeys.join(", ")}; there is none. Save model.state_dict() rather than anything around it.`,
  );
}

/**
 * Where a tensor lies in its file.
 * @param place where its storage lies, already known to be inside the file
 * @throws StsError CHECKPOINT_CORRUPT where the tensor does not lie inside its storage
 */
export function locateTensor(
  file: CheckpointFile,
  name: string,
  { storage, offset, shape, stride }: TorchTensor,
  place: StoragePlace,
): TensorLocation {
  const tensor = `tensor ${describe(name)}`;
  const size = bytesPerElement[storage.dtype];
  if (storage.rootLength * size > place.byteLength) {
    throw corrupt(
      file.path,
      `${tensor} is part of a storage of ${storage.rootLength * size} bytes, of which the file has ${place.byteLength}`,
    );
  }
  const isEmpty = shape.includes(0);
  const last = shape.reduce((index, count, k) => index + (count - 1) * stride[k]!, offset);
  if (!isEmpty && last >= storage.length) {
    throw corrupt(
      file.path,
      `${tensor} reaches element ${last} of its storage, which has ${storage.length}`,
    );
  }
  // A stride of 0 repeats elements: without this a few bytes could ask for any amount of memory.
  if (elementCount(shape) * size > file.size) {
    throw corrupt(file.path, `${tensor} of shape [${shape.join(", ")}] is larger than the file`);
  }
  const first = storage.start + (isEmpty ? 0 : offset);
  const byteOffset = place.byteOffset + first * size;
  return { file: file.path, dtype: storage.dtype, shape, stride, byteOffset };
}

export function bigEndian(path: string): StsError {
  return new StsError(
    "UNSUPPORTED_MODEL",
    `${path}: the file was saved on a big-endian machine, expected little-endian. Load it in Python and save its state dict as model.safetensors.`,
  );
}

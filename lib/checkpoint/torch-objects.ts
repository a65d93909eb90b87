import { bytesPerElement } from "../native/dtype.js";
import type { DType } from "../native/dtype.js";
import { isShape, isSize } from "./location.js";
import type { PickleContext } from "./pickle-machine.js";
import {
  PickleCallable,
  PickleDict,
  PickleObject,
  PickleOpaque,
  PickleTuple,
} from "./pickle-values.js";
import type { PickleValue } from "./pickle-values.js";

/** The class of a storage, such as torch.FloatStorage. */
class TorchStorageType extends PickleObject {
  readonly kind = "storage type";
  constructor(readonly dtype: DType) {
    super();
  }
}

/** A run of elements that tensors are views of, or, in old files, a part of such a run. */
export class TorchStorage extends PickleObject {
  readonly kind = "storage";
  constructor(
    /** What the file calls the whole run. */
    readonly key: string,
    readonly dtype: DType,
    /** Of the whole run, in elements. */
    readonly rootLength: number,
    /** Of this part in the whole run, in elements. */
    readonly start: number,
    readonly length: number,
  ) {
    super();
  }
}

/** A view of a storage; offset and strides in elements. Not yet checked to lie inside. */
export class TorchTensor extends PickleObject {
  readonly kind = "tensor";
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
  ) {
    super();
  }
}

const storageTypes: Readonly<Record<string, DType>> = {
  DoubleStorage: "float64",
  FloatStorage: "float32",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
};

const callables: Readonly<Record<string, PickleCallable["apply"]>> = {
  "torch._utils._rebuild_tensor": rebuildTensor,
  "torch._utils._rebuild_tensor_v2": rebuildTensor,
  "torch._utils._rebuild_parameter": rebuildParameter,
  "torch._utils._rebuild_parameter_with_state": rebuildParameter,
  "collections.OrderedDict": (args) => (args.length === 0 ? new PickleDict() : undefined),
  "torch.Size": ([sizes]) => (sizes instanceof PickleTuple ? sizes : undefined),
  // What is not a tensor is only passed over. Bytes and sets look like this before protocol 3.
  "torch.device": () => new PickleOpaque(),
  "_codecs.encode": () => new PickleOpaque(),
  "builtins.set": () => new PickleOpaque(),
  "__builtin__.set": () => new PickleOpaque(),
};

const globals: ReadonlyMap<string, PickleValue> = new Map<string, PickleValue>([
  ...Object.entries(storageTypes).map(
    ([name, dtype]) => [`torch.${name}`, new TorchStorageType(dtype)] as const,
  ),
  ...Object.entries(callables).map(
    ([name, apply]) => [name, new PickleCallable(name, apply)] as const,
  ),
  ...Object.keys(bytesPerElement).map((name) => [`torch.${name}`, new PickleOpaque()] as const),
]);

/** (storage, offset, size, stride, requires_grad, backward_hooks, metadata) */
function rebuildTensor(args: readonly PickleValue[]): TorchTensor | undefined {
  const [storage, offset, size, stride, , , metadata] = args;
  if (!(storage instanceof TorchStorage) || !isSize(offset)) return undefined;
  if (!(size instanceof PickleTuple) || !(stride instanceof PickleTuple)) return undefined;
  const [shape, steps] = [size.items, stride.items];
  if (!isShape(shape) || shape.length !== steps.length || !steps.every(isSize)) return undefined;
  // Metadata says that the values are stored conjugated or negated.
  if (metadata instanceof PickleDict && metadata.entries.size > 0) return undefined;
  return new TorchTensor(storage, offset, shape, steps);
}

/** (tensor, requires_grad, backward_hooks, state) */
function rebuildParameter([tensor]: readonly PickleValue[]): TorchTensor | undefined {
  return tensor instanceof TorchTensor ? tensor : undefined;
}

/** ("storage", type, key, device, length), and in old files (view key, offset, length) or None */
function loadStorage(id: PickleValue): TorchStorage | undefined {
  if (!(id instanceof PickleTuple) || id.items[0] !== "storage") return undefined;
  const [, type, key, , rootLength, view] = id.items;
  if (!(type instanceof TorchStorageType) || typeof key !== "string") return undefined;
  if (!isSize(rootLength)) return undefined;
  if (view === undefined || view === null) {
    return new TorchStorage(key, type.dtype, rootLength, 0, rootLength);
  }
  if (!(view instanceof PickleTuple)) return undefined;
  const [, start, length] = view.items;
  if (!isSize(start) || !isSize(length) || start + length > rootLength) return undefined;
  return new TorchStorage(key, type.dtype, rootLength, start, length);
}

/**
 * All that a pickled state dict may refer to, and the storages that it did refer to, by key, as
 * they came up first.
 */
export function torchContext(path: string): {
  context: PickleContext;
  storages: Map<string, TorchStorage>;
} {
  const storages = new Map<string, TorchStorage>();
  const persistentLoad = (id: PickleValue) => {
    const storage = loadStorage(id);
    if (storage && !storages.has(storage.key)) storages.set(storage.key, storage);
    return storage;
  };
  return { context: { path, globals, persistentLoad }, storages };
}

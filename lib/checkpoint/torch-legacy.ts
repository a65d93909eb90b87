import { describe } from "../foundation/errors.js";
import { bytesPerElement } from "../native/dtype.js";
import { corrupt } from "./checkpoint-file.js";
import type { CheckpointFile } from "./checkpoint-file.js";
import type { TensorLocation } from "./location.js";
import { readPickle } from "./pickle.js";
import { PickleDict, PickleList } from "./pickle-values.js";
import type { PickleValue } from "./pickle-values.js";
import { bigEndian, findTensors, locateTensor } from "./state-dict.js";
import type { StoragePlace } from "./state-dict.js";
import { torchContext } from "./torch-objects.js";
import type { TorchStorage } from "./torch-objects.js";

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

/** The pickles are read from a window at the start of the file, which grows until it holds them. */
const firstWindow = 256 * 2 ** 10;
const windowGrowth = 8;
const maxWindow = 64 * 2 ** 20;

/**
 * The tensors of a file written by torch.save before PyTorch 1.6: five pickles (magic number,
 * protocol version, system information, the state dict, the keys of the storages), then for each
 * key the number of elements as an int64 and the elements.
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export async function readTorchLegacy(file: CheckpointFile): Promise<Map<string, TensorLocation>> {
  const { system, stateDict, keys, storages, end } = await readPickles(file);
  if (system instanceof PickleDict && system.entries.get("little_endian") === false) {
    throw bigEndian(file.path);
  }
  const tensors = findTensors(file.path, stateDict);
  const places = await findStorages(file, keys, storages, end);
  const locations = new Map<string, TensorLocation>();
  for (const [name, tensor] of tensors) {
    const place = places.get(tensor.storage.key);
    if (place === undefined) {
      throw corrupt(file.path, `the storage of tensor ${describe(name)} is missing`);
    }
    locations.set(name, locateTensor(file, name, tensor, place));
  }
  return locations;
}

type Pickles = {
  system: PickleValue;
  stateDict: PickleValue;
  keys: PickleValue;
  storages: ReadonlyMap<string, TorchStorage>;
  end: number;
};

async function readPickles(file: CheckpointFile): Promise<Pickles> {
  const largest = Math.min(maxWindow, file.size);
  let length = Math.min(firstWindow, largest);
  for (;;) {
    const pickles = parsePickles(file.path, await file.read(0, length, "the pickled state dict"));
    if (pickles !== undefined) return pickles;
    if (length === largest) {
      throw corrupt(file.path, `its pickles do not end within the first ${length} bytes`);
    }
    length = Math.min(length * windowGrowth, largest);
  }
}

/** Undefined where the bytes end before the pickles do. */
function parsePickles(path: string, bytes: Buffer): Pickles | undefined {
  const { context, storages } = torchContext(path);
  const values: PickleValue[] = [];
  let end = 0;
  while (values.length < 5) {
    const pickle = readPickle(bytes, end, context);
    if (pickle === undefined) return undefined;
    values.push(pickle.value);
    end = pickle.end;
    if (values[0] !== magicNumber) throw corrupt(path, "its first pickle is not PyTorch's mark");
  }
  const [, version, system, stateDict, keys] = values;
  if (version !== protocolVersion) {
    throw corrupt(path, `its format is not version ${protocolVersion} of PyTorch's`);
  }
  return { system: system!, stateDict: stateDict!, keys: keys!, storages, end };
}

async function findStorages(
  file: CheckpointFile,
  keys: PickleValue,
  storages: ReadonlyMap<string, TorchStorage>,
  start: number,
): Promise<Map<string, StoragePlace>> {
  if (!(keys instanceof PickleList)) throw corrupt(file.path, "its list of storages is missing");
  const places = new Map<string, StoragePlace>();
  let at = start;
  for (const key of keys.items) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (storage === undefined || places.has(storage.key)) {
      throw corrupt(file.path, "its list of storages names one twice or one that no tensor uses");
    }
    const what = `the storage ${describe(storage.key)}`;
    const count = (await file.read(at, 8, `the length of ${what}`)).readBigInt64LE();
    if (count !== BigInt(storage.rootLength)) {
      throw corrupt(file.path, `${what} has ${count} elements, expected ${storage.rootLength}`);
    }
    const place = {
      byteOffset: at + 8,
      byteLength: storage.rootLength * bytesPerElement[storage.dtype],
    };
    at = place.byteOffset + place.byteLength;
    if (at > file.size) {
      throw corrupt(file.path, `${what} ends at byte ${at}, but the file has ${file.size} bytes`);
    }
    places.set(storage.key, place);
  }
  return places;
}

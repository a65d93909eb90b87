import { describe, StsError } from "../foundation/errors.js";
import { corrupt } from "./checkpoint-file.js";
import type { CheckpointFile } from "./checkpoint-file.js";
import type { TensorLocation } from "./location.js";
import { readPickle } from "./pickle.js";
import { bigEndian, findTensors, locateTensor } from "./state-dict.js";
import type { StoragePlace } from "./state-dict.js";
import { torchContext } from "./torch-objects.js";
import { locateZipEntry, readZipDirectory } from "./zip.js";
import type { ZipEntry } from "./zip.js";

const maxPickleBytes = 64 * 2 ** 20;

/**
 * The tensors of a zip archive written by torch.save (PyTorch 1.6 and later): `data.pkl` describes
 * them, the entry `data/KEY` holds the storage KEY, both under a folder of any name.
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export async function readTorchArchive(file: CheckpointFile): Promise<Map<string, TensorLocation>> {
  const entries = await readZipDirectory(file);
  const folder = findFolder(file, entries);
  await refuseBigEndian(file, entries.get(`${folder}/byteorder`));
  const pickle = await readEntry(file, entries.get(`${folder}/data.pkl`)!);
  const unpickled = readPickle(pickle, 0, torchContext(file.path).context);
  if (unpickled === undefined) throw corrupt(file.path, "its data.pkl is cut off");

  const places = new Map<string, StoragePlace>();
  const locations = new Map<string, TensorLocation>();
  for (const [name, tensor] of findTensors(file.path, unpickled.value)) {
    const key = tensor.storage.key;
    const entry = entries.get(`${folder}/data/${key}`);
    if (entry === undefined) {
      throw corrupt(
        file.path,
        `the storage ${describe(key)} of tensor ${describe(name)} is missing`,
      );
    }
    const place = places.get(key) ?? {
      byteOffset: await locateZipEntry(file, entry),
      byteLength: entry.size,
    };
    places.set(key, place);
    locations.set(name, locateTensor(file, name, tensor, place));
  }
  return locations;
}

/** The one folder that everything in the archive is in. */
function findFolder(file: CheckpointFile, entries: ReadonlyMap<string, ZipEntry>): string {
  const folders = [...entries.keys()].flatMap(
    (name) => /^([^/]+)\/data\.pkl$/.exec(name)?.[1] ?? [],
  );
  const [folder] = folders;
  if (folder === undefined || folders.length > 1) {
    throw corrupt(file.path, `expected one data.pkl in the archive, found ${folders.length}`);
  }
  if (entries.has(`${folder}/constants.pkl`)) {
    throw new StsError(
      "UNSUPPORTED_MODEL",
      `${file.path}: this is a TorchScript program, expected a state dict written by torch.save.`,
    );
  }
  return folder;
}

async function readEntry(file: CheckpointFile, entry: ZipEntry): Promise<Buffer> {
  const start = await locateZipEntry(file, entry);
  if (entry.size > maxPickleBytes) {
    throw corrupt(file.path, `${entry.name} takes ${entry.size} bytes, too many to be true`);
  }
  return file.read(start, entry.size, entry.name);
}

async function refuseBigEndian(file: CheckpointFile, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined) return;
  const order = (await readEntry(file, entry)).toString("latin1");
  if (order === "big") throw bigEndian(file.path);
  if (order !== "little") throw corrupt(file.path, `its byte order is ${describe(order)}`);
}

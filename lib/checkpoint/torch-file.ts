import { corrupt, withCheckpointFile } from "./checkpoint-file.js";
import type { TensorLocation } from "./location.js";
import { readTorchArchive } from "./torch-archive.js";
import { readTorchLegacy } from "./torch-legacy.js";

const zipStart = "PK\x03\x04";
/** PROTO, and a protocol number that follows. */
const pickleStart = "\x80";

/**
 * The tensors of a state dict that torch.save wrote, in either of its formats, by name. Nothing in
 * the file is executed.
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL, NOT_FOUND, IO_FAILED
 */
export function readTorchFile(path: string): Promise<Map<string, TensorLocation>> {
  return withCheckpointFile(path, async (file) => {
    const start = (await file.read(0, Math.min(4, file.size), "the start")).toString("latin1");
    if (start === zipStart) return readTorchArchive(file);
    if (start.startsWith(pickleStart)) return readTorchLegacy(file);
    throw corrupt(path, "this is not a file written by torch.save");
  });
}

import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { describe, StsError } from "../foundation/errors.js";
import { corrupt, readFailed } from "./checkpoint-file.js";
import type { TensorLocation } from "./location.js";
import { readSafetensorsHeader } from "./safetensors.js";
import { readShardIndex } from "./shard-index.js";
import { readTorchFile } from "./torch-file.js";

export type Checkpoint = {
  /** The files that hold the weights. */
  files: string[];
  tensors: ReadonlyMap<string, TensorLocation>;
};

/** What files of weights are called; a model often has several, and the first of them is taken. */
export const weightFiles: readonly string[] = [
  "model.safetensors",
  "model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
];

/** What other frameworks save. */
const foreignWeights = /\.(h5|msgpack|onnx|gguf|ckpt|ot)$|^adapter_model\./;

/**
 * Finds the weights in the directory of a Hugging Face model and where each tensor lies, without
 * reading the tensors.
 * @throws StsError NOT_FOUND where there are no weights, CHECKPOINT_CORRUPT where they are damaged
 *   or a shard is missing, UNSUPPORTED_MODEL, IO_FAILED
 */
export async function openCheckpoint(directory: string): Promise<Checkpoint> {
  const present = await listDirectory(directory);
  const name = weightFiles.find((candidate) => present.includes(candidate));
  if (name === undefined) throw notFound(directory, present);
  if (name.endsWith(".index.json")) return openSharded(directory, name);
  const path = join(directory, name);
  return { files: [path], tensors: await readLocations(path) };
}

async function listDirectory(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw readFailed(directory, error);
    const problem = code === "ENOENT" ? "there is no such directory" : "this is a file";
    const message = `${directory}: ${problem}; expected the directory of a model.`;
    throw new StsError("NOT_FOUND", message, { cause: error });
  });
}

async function readLocations(path: string): Promise<Map<string, TensorLocation>> {
  return path.endsWith(".safetensors")
    ? (await readSafetensorsHeader(path)).tensors
    : readTorchFile(path);
}

async function openSharded(directory: string, indexName: string): Promise<Checkpoint> {
  const shards = await readShardIndex(directory, indexName);
  const tensors = new Map<string, TensorLocation>();
  for (const [path, names] of shards) {
    const found = await readLocations(path).catch((error: unknown) => {
      if ((error as StsError).code !== "NOT_FOUND") throw error;
      const problem = `it lists the file ${describe(basename(path))}, which is missing`;
      throw corrupt(join(directory, indexName), problem, error);
    });
    for (const name of names) {
      const location = found.get(name);
      if (location === undefined) {
        throw corrupt(path, `tensor ${describe(name)} is missing, which ${indexName} says is here`);
      }
      tensors.set(name, location);
    }
  }
  return { files: [...shards.keys()], tensors };
}

function notFound(directory: string, present: readonly string[]): StsError {
  const foreign = present.filter((name) => foreignWeights.test(name));
  const hint =
    foreign.length > 0
      ? ` There is ${foreign.join(", ")}, which sts-native does not read: convert it with transformers' save_pretrained in Python.`
      : "";
  return new StsError(
    "NOT_FOUND",
    `${directory}: no weights found, looked for ${weightFiles.join(", ")}.${hint}`,
  );
}

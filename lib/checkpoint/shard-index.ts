import { join } from "node:path";

import { describe } from "../foundation/errors.js";
import { corrupt, withCheckpointFile } from "./checkpoint-file.js";
import { isJsonObject, parseJsonObject } from "./json.js";

const maxIndexBytes = 100_000_000;
/** A plain name: no separator, no leading dot, nothing that any system gives a meaning. */
const shardName = /^\w[\w.-]*\.(safetensors|bin)$/;

/**
 * Which tensor is in which file, from the index of a sharded checkpoint.
 * @returns the names of tensors by the path of their shard, which lies in `directory`
 * @throws StsError CHECKPOINT_CORRUPT, NOT_FOUND, IO_FAILED
 */
export function readShardIndex(directory: string, name: string): Promise<Map<string, string[]>> {
  const path = join(directory, name);
  return withCheckpointFile(path, async (file) => {
    if (file.size > maxIndexBytes) {
      throw corrupt(path, `it takes ${file.size} bytes, too many for an index`);
    }
    const bytes = await file.read(0, file.size, "the index");
    const { weight_map: weightMap } = parseJsonObject(path, "the index", bytes);
    if (!isJsonObject(weightMap) || Object.keys(weightMap).length === 0) {
      throw corrupt(path, "weight_map should map the names of tensors to files");
    }
    const shards = new Map<string, string[]>();
    for (const [tensor, shard] of Object.entries(weightMap)) {
      if (typeof shard !== "string" || !shardName.test(shard)) {
        throw corrupt(
          path,
          `tensor ${describe(tensor)} is said to be in ${describe(shard)}, expected the plain name of a .safetensors or .bin file in the same directory`,
        );
      }
      const shardPath = join(directory, shard);
      const tensors = shards.get(shardPath);
      if (tensors === undefined) shards.set(shardPath, [tensor]);
      else tensors.push(tensor);
    }
    return shards;
  });
}

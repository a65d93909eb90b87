import { createHash } from "node:crypto";
import { readBytes } from "../../data/bytes.js";
import type { TrainConfig } from "../config.js";

/** A data file and the SHA-256 of what it holds, in hexadecimal. */
export type DataFile = { file: string; sha256: string };

/**
 * The data files of some trainings, each once, in the order in which they are named.
 * @throws StsError `NOT_FOUND`, `INVALID_DATA`
 */
export async function dataFilesOf(trainings: readonly TrainConfig[]): Promise<DataFile[]> {
  const files = new Set(trainings.flatMap(({ train, dev, test }) => [train, dev, test]));
  const result: DataFile[] = [];
  for (const file of files) {
    if (file === undefined) continue;
    const hash = createHash("sha256");
    for await (const bytes of readBytes(file)) hash.update(bytes);
    result.push({ file, sha256: hash.digest("hex") });
  }
  return result;
}

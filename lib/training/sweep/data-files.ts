import { createHash } from "node:crypto";
import { readBytes } from "../../data/bytes.js";
import type { TrainConfig } from "../config.js";

const sets = ["train", "dev", "test"] as const;

/** A data file, what it is for, and the SHA-256 of what it holds, in hexadecimal. */
export type DataFile = { set: (typeof sets)[number]; file: string; sha256: string };

/**
 * The data files of some trainings: those of each set, each once, in the order in which they are named.
 * @throws StsError `NOT_FOUND`, `INVALID_DATA`
 */
export async function dataFilesOf(trainings: readonly TrainConfig[]): Promise<DataFile[]> {
  const result: DataFile[] = [];
  for (const set of sets) {
    const files = new Set(trainings.flatMap((training) => training[set] ?? []));
    for (const file of files) result.push({ set, file, sha256: await hashOf(file) });
  }
  return result;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of readBytes(file)) hash.update(bytes);
  return hash.digest("hex");
}

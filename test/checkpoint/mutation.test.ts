import { mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { openCheckpoint } from "../../lib/checkpoint/open.js";
import { elementCount } from "../../lib/checkpoint/location.js";
import type { TensorLocation } from "../../lib/checkpoint/location.js";
import { StsError } from "../../lib/foundation/errors.js";
import { bytesPerElement } from "../../lib/native/dtype.js";
import { fixtures, temporaryDirectory, write } from "./support.js";

const directory = temporaryDirectory();
const mutationsPerFile = 600;

/** Mulberry32: numbers in [0, 1) that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function liesInsideItsFile({ file, dtype, shape, stride, byteOffset }: TensorLocation): boolean {
  if (elementCount(shape) === 0) return true;
  const last = shape.reduce((index, size, k) => index + (size - 1) * stride[k]!, 0);
  const end = byteOffset + (last + 1) * bytesPerElement[dtype];
  return byteOffset >= 0 && stride.every((step) => step >= 0) && end <= statSync(file).size;
}

it.each([
  "safetensors/model.safetensors",
  "torch-zip/pytorch_model.bin",
  "torch-zip-protocol-5/pytorch_model.bin",
  "torch-legacy/pytorch_model.bin",
])("%s with any bytes changed is read or refused, and never read beyond its end", async (name) => {
  const original = readFileSync(path.join(fixtures, name));
  const random = seeded(original.length);
  const folder = path.join(directory, path.dirname(name));
  mkdirSync(folder);
  let refused = 0;
  for (let run = 0; run < mutationsPerFile; run++) {
    const bytes = Buffer.from(original);
    for (let change = 0; change <= random() * 3; change++) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    }
    write(folder, path.basename(name), bytes);
    try {
      const { tensors } = await openCheckpoint(folder);
      for (const location of tensors.values()) expect(liesInsideItsFile(location)).toBe(true);
    } catch (error) {
      if (!(error instanceof StsError)) throw error;
      expect(["CHECKPOINT_CORRUPT", "UNSUPPORTED_MODEL"]).toContain(error.code);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(mutationsPerFile / 10);
});

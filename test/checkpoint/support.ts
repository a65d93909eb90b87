import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { TensorLocation } from "../../lib/checkpoint/location.js";
import { StsError } from "../../lib/foundation/errors.js";
import { bytesPerElement } from "../../lib/native/dtype.js";

export const fixtures = path.join(process.cwd(), "test/fixtures/checkpoints");

/** A directory for the files of one test file, removed after it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "checkpoint-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  return directory;
}

export function write(directory: string, name: string, content: string | Uint8Array): string {
  const file = path.join(directory, name);
  writeFileSync(file, content);
  return file;
}

/** The StsError that a call ends in; anything else fails the test. */
export async function refusal(call: Promise<unknown>): Promise<StsError> {
  const outcome = await call.then(
    () => "no error",
    (error: unknown) => error,
  );
  if (outcome instanceof StsError) return outcome;
  throw new Error("expected an StsError", { cause: outcome });
}

/** The elements of a tensor in row-major order, read with nothing but its location. */
export function readElements(location: TensorLocation): (number | boolean)[] {
  const { file, dtype, shape, stride, byteOffset } = location;
  const bytes = readFileSync(file);
  const elements: (number | boolean)[] = [];
  const visit = (dimension: number, index: number): void => {
    if (dimension === shape.length) {
      elements.push(decode[dtype](bytes, byteOffset + index * bytesPerElement[dtype]));
      return;
    }
    for (let i = 0; i < shape[dimension]!; i++)
      visit(dimension + 1, index + i * stride[dimension]!);
  };
  visit(0, 0);
  return elements;
}

const decode: Record<TensorLocation["dtype"], (bytes: Buffer, at: number) => number | boolean> = {
  float64: (bytes, at) => bytes.readDoubleLE(at),
  float32: (bytes, at) => bytes.readFloatLE(at),
  float16: (bytes, at) => halfToNumber(bytes.readUInt16LE(at)),
  bfloat16: (bytes, at) => {
    const wide = Buffer.alloc(4);
    bytes.copy(wide, 2, at, at + 2);
    return wide.readFloatLE();
  },
  int64: (bytes, at) => Number(bytes.readBigInt64LE(at)),
  int32: (bytes, at) => bytes.readInt32LE(at),
  int16: (bytes, at) => bytes.readInt16LE(at),
  int8: (bytes, at) => bytes.readInt8(at),
  uint8: (bytes, at) => bytes.readUInt8(at),
  bool: (bytes, at) => bytes.readUInt8(at) !== 0,
};

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

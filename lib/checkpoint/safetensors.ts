import { describe, invalidArgument, StsError } from "../foundation/errors.js";
import { bytesPerElement } from "../native/dtype.js";
import type { DType } from "../native/dtype.js";
import { corrupt, withCheckpointFile } from "./checkpoint-file.js";
import type { CheckpointFile } from "./checkpoint-file.js";
import { isJsonObject, parseJsonObject } from "./json.js";
import type { JsonObject } from "./json.js";
import { contiguousStride, elementCount, isShape, isSize } from "./location.js";
import type { TensorLocation } from "./location.js";

/** The reference implementation's limit. */
const maxHeaderBytes = 100_000_000;
const lengthBytes = 8;
const metadataKey = "__metadata__";

const safetensorsNames: Readonly<Record<DType, string>> = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint8: "U8",
  bool: "BOOL",
};
const dtypes = new Map(
  Object.entries(safetensorsNames).map(([dtype, name]) => [name, dtype as DType]),
);
/** Types that the format has and sts-native has not. */
const foreignDtype = /^(F4|F6_\w+|F8_\w+|U16|U32|U64|C64|C128)$/;

export type SafetensorsHeader = {
  /** By name, in the order of the data. */
  tensors: Map<string, TensorLocation>;
  metadata: Record<string, string>;
};

/**
 * Reads the header of a safetensors file and checks it as the reference implementation does: every
 * byte after the header belongs to exactly one tensor, and every tensor has as many as its shape
 * and type need.
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL (an element type), NOT_FOUND, IO_FAILED
 * @see https://huggingface.co/docs/safetensors/index#format
 */
export function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  return withCheckpointFile(path, async (file) => {
    const bytes = await readHeaderBytes(file);
    const { [metadataKey]: metadata, ...entries } = parseJsonObject(path, "the header", bytes);
    const dataStart = lengthBytes + bytes.length;
    const spans = Object.entries(entries).map(([name, entry]) => readEntry(path, name, entry));
    checkCoverage(file, spans, dataStart);
    const tensors = new Map<string, TensorLocation>();
    for (const { name, dtype, shape, start } of spans) {
      const stride = contiguousStride(shape);
      tensors.set(name, { file: path, dtype, shape, stride, byteOffset: dataStart + start });
    }
    return { tensors, metadata: readMetadata(path, metadata) };
  });
}

async function readHeaderBytes(file: CheckpointFile): Promise<Buffer> {
  const prefix = await file.read(0, lengthBytes, "the length of the header");
  const length = prefix.readBigUInt64LE();
  if (length > BigInt(Math.min(maxHeaderBytes, file.size - lengthBytes))) {
    throw corrupt(
      file.path,
      `the header should take ${length} bytes, expected at most ${maxHeaderBytes} and no more than the ${file.size} bytes of the file`,
    );
  }
  const bytes = await file.read(lengthBytes, Number(length), "the header");
  if (bytes[0] !== "{".charCodeAt(0)) {
    throw corrupt(
      file.path,
      'the header does not start with "{" as that of a safetensors file does',
    );
  }
  return bytes;
}

/** A tensor's part of the data, in bytes from the end of the header. */
type Span = { name: string; dtype: DType; shape: readonly number[]; start: number; end: number };

function readEntry(path: string, name: string, entry: unknown): Span {
  const tensor = `tensor ${describe(name)}`;
  const {
    dtype: dtypeName,
    shape,
    data_offsets: offsets,
  }: JsonObject = isJsonObject(entry) ? entry : {};
  const dtype = readDtype(path, tensor, dtypeName);
  if (!Array.isArray(shape) || !isShape(shape)) {
    throw corrupt(path, `${tensor}: the shape should be a list of sizes`);
  }
  const [start, end] = (Array.isArray(offsets) ? offsets : []) as unknown[];
  if (!isSize(start) || !isSize(end) || (offsets as unknown[]).length !== 2) {
    throw corrupt(path, `${tensor}: data_offsets should be two byte positions`);
  }
  const bytes = elementCount(shape) * bytesPerElement[dtype];
  if (end - start !== bytes) {
    throw corrupt(
      path,
      `${tensor}: data_offsets span ${end - start} bytes, expected ${bytes} for ${dtype} of shape [${shape.join(", ")}]`,
    );
  }
  return { name, dtype, shape, start, end };
}

function readDtype(path: string, tensor: string, name: unknown): DType {
  const dtype = typeof name === "string" ? dtypes.get(name) : undefined;
  if (dtype !== undefined) return dtype;
  if (typeof name === "string" && foreignDtype.test(name)) {
    throw new StsError(
      "UNSUPPORTED_MODEL",
      `${path}: ${tensor} has elements of type ${name}, expected one of ${[...dtypes.keys()].join(", ")}; convert the model to one of these.`,
    );
  }
  throw corrupt(path, `${tensor}: the dtype is ${describe(name)}, which is none of safetensors'`);
}

/** Sorts the spans by position; the data must be covered without holes or overlaps. */
function checkCoverage(file: CheckpointFile, spans: Span[], dataStart: number): void {
  spans.sort((a, b) => a.start - b.start || a.end - b.end);
  let covered = 0;
  for (const { name, start, end } of spans) {
    if (start !== covered) {
      const fault = start > covered ? "leaves a hole before it" : "overlaps another";
      throw corrupt(
        file.path,
        `tensor ${describe(name)} ${fault}: its data starts at ${start}, expected ${covered}`,
      );
    }
    covered = end;
  }
  if (dataStart + covered !== file.size) {
    throw corrupt(
      file.path,
      `the header describes ${dataStart + covered} bytes, but the file has ${file.size}`,
    );
  }
}

function readMetadata(path: string, metadata: unknown): Record<string, string> {
  if (metadata === undefined || metadata === null) return {};
  if (!isJsonObject(metadata) || !Object.values(metadata).every((v) => typeof v === "string")) {
    throw corrupt(path, `${metadataKey} in the header should map strings to strings`);
  }
  return metadata as Record<string, string>;
}

/**
 * The start of a safetensors file up to the data: the tensors' bytes follow in the given order,
 * contiguous, little-endian and without gaps.
 * @param metadata `{ format: "pt" }` is what transformers expects
 * @throws StsError INVALID_ARGUMENT for a name that stands twice or is reserved, or a wrong shape
 */
export function encodeSafetensorsHeader(
  entries: readonly { name: string; dtype: DType; shape: readonly number[] }[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set(metadataKey, metadata);
  let start = 0;
  for (const { name, dtype, shape } of entries) {
    if (name === metadataKey || header.has(name)) {
      throw invalidArgument(
        "entries",
        `names that differ from each other and ${metadataKey}`,
        name,
      );
    }
    if (!isShape(shape))
      throw invalidArgument(`shape of ${name}`, "a list of sizes", String(shape));
    const end = start + elementCount(shape) * bytesPerElement[dtype];
    header.set(name, { dtype: safetensorsNames[dtype], shape, data_offsets: [start, end] });
    start = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const bytes = Buffer.alloc(lengthBytes + Math.ceil(json.length / 8) * 8, " ");
  bytes.writeBigUInt64LE(BigInt(bytes.length - lengthBytes));
  json.copy(bytes, lengthBytes);
  return bytes;
}

import { deflateRawSync } from "node:zlib";

/** Assembles pickles, opcode by opcode. */
export const op = {
  global: (module: string, name: string) => Buffer.from(`c${module}\n${name}\n`),
  text(value: string) {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from("X"), uint32(bytes.length), bytes]);
  },
  int: (value: number) => Buffer.concat([Buffer.from("J"), int32(value)]),
  long(value: bigint) {
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64LE(value);
    bytes.fill(value < 0n ? 0xff : 0, 8);
    return Buffer.concat([Buffer.from([0x8a, 16]), bytes]);
  },
  none: Buffer.from("N"),
  no: Buffer.from([0x89]),
  mark: Buffer.from("("),
  emptyDict: Buffer.from("}"),
  emptyList: Buffer.from("]"),
  setItem: Buffer.from("s"),
  setItems: Buffer.from("u"),
  append: Buffer.from("a"),
  reduce: Buffer.from("R"),
  build: Buffer.from("b"),
  persistentLoad: Buffer.from("Q"),
  put: (index: number) => Buffer.from([0x71, index]),
  get: (index: number) => Buffer.from([0x68, index]),
  tuple: (...items: Buffer[]) => Buffer.concat([Buffer.from("("), ...items, Buffer.from("t")]),
  list: (...items: Buffer[]) => Buffer.concat([Buffer.from("]("), ...items, Buffer.from("e")]),
};

/** A complete pickle of protocol 2. */
export function pickle(...parts: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), ...parts, Buffer.from(".")]);
}

export type TensorOptions = {
  type?: string;
  key?: string;
  length?: Buffer;
  view?: Buffer;
  offset?: Buffer;
  size?: Buffer[];
  stride?: Buffer[];
};

/** A float32 tensor of shape [2] in the storage "0" of 2 elements, but for what is given. */
export function tensor(options: TensorOptions = {}): Buffer {
  const storage = op.tuple(
    op.text("storage"),
    op.global("torch", options.type ?? "FloatStorage"),
    op.text(options.key ?? "0"),
    op.text("cpu"),
    options.length ?? op.int(2),
    ...(options.view === undefined ? [] : [options.view]),
  );
  const args = op.tuple(
    Buffer.concat([storage, op.persistentLoad]),
    options.offset ?? op.int(0),
    op.tuple(...(options.size ?? [op.int(2)])),
    op.tuple(...(options.stride ?? [op.int(1)])),
    op.no,
    Buffer.concat([op.global("collections", "OrderedDict"), op.tuple(), op.reduce]),
  );
  return Buffer.concat([op.global("torch._utils", "_rebuild_tensor_v2"), args, op.reduce]);
}

/** A dict of one entry, `weight`. */
export function dictOf(value: Buffer): Buffer {
  return Buffer.concat([op.emptyDict, op.text("weight"), value, op.setItem]);
}

export const twoFloats = Buffer.from(new Float32Array([1.5, -2]).buffer);

/** A file as torch.save writes it, around the pickle of a state dict. */
export function archive(dataPickle: Buffer, storage = twoFloats, options: ZipOptions = {}): Buffer {
  return zip({ "model/data.pkl": dataPickle, "model/data/0": storage }, options);
}

/** A file as torch.save wrote it before PyTorch 1.6, with one storage of key "0". */
export function legacyFile(
  dataPickle: Buffer,
  options: { littleEndian?: boolean; keys?: Buffer; count?: bigint; version?: number } = {},
): Buffer {
  const magic = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");
  const flag = Buffer.from([(options.littleEndian ?? true) ? 0x88 : 0x89]);
  const system = Buffer.concat([op.emptyDict, op.text("little_endian"), flag, op.setItem]);
  const count = Buffer.alloc(8);
  count.writeBigInt64LE(options.count ?? 2n);
  return Buffer.concat([
    magic,
    pickle(op.int(options.version ?? 1001)),
    pickle(system),
    dataPickle,
    pickle(options.keys ?? op.list(op.text("0"))),
    count,
    twoFloats,
  ]);
}

export type ZipOptions = {
  compress?: boolean;
  /** Sizes and offsets of the directory in zip64 fields. */
  zip64?: boolean;
  /** Added to the sizes that the directory claims. */
  lie?: number;
  comment?: string;
};

export function zip(files: Record<string, Buffer>, options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = options.compress ? deflateRawSync(content) : content;
    const method = options.compress ? 8 : 0;
    // Padded as torch.save pads, so that the data starts elsewhere than the directory would suggest.
    const padding = Buffer.concat([Buffer.from("FB"), uint16(5), Buffer.from("ZZZZZ")]);
    const local = Buffer.concat([
      uint32(0x04034b50),
      zeros(4),
      uint16(method),
      zeros(8),
      uint32(data.length),
      uint32(content.length),
      uint16(name.length),
      uint16(padding.length),
      Buffer.from(name),
      padding,
    ]);
    parts.push(local, data);
    const claimed = [
      content.length + (options.lie ?? 0),
      data.length + (options.lie ?? 0),
      at,
    ] as const;
    directory.push(centralHeader(name, method, claimed, options.zip64 ?? false));
    at += local.length + data.length;
  }
  const entries = Buffer.concat(directory);
  return Buffer.concat([...parts, entries, endRecords(at, entries.length, options)]);
}

function centralHeader(
  name: string,
  method: number,
  [size, compressedSize, offset]: readonly [number, number, number],
  isZip64: boolean,
): Buffer {
  const wide = Buffer.concat([size, compressedSize, offset].map(uint64));
  const extra = isZip64 ? Buffer.concat([uint16(1), uint16(wide.length), wide]) : zeros(0);
  const narrow = (value: number) => uint32(isZip64 ? 0xffffffff : value);
  return Buffer.concat([
    uint32(0x02014b50),
    zeros(6),
    uint16(method),
    zeros(8),
    narrow(compressedSize),
    narrow(size),
    uint16(name.length),
    uint16(extra.length),
    zeros(10),
    narrow(offset),
    Buffer.from(name),
    extra,
  ]);
}

function endRecords(start: number, length: number, { zip64 = false, comment = "" }: ZipOptions) {
  const end = [
    uint32(0x06054b50),
    zeros(8),
    uint32(zip64 ? 0xffffffff : length),
    uint32(zip64 ? 0xffffffff : start),
    uint16(comment.length),
    Buffer.from(comment),
  ];
  if (!zip64) return Buffer.concat(end);
  const zip64End = [uint32(0x06064b50), uint64(44), zeros(28), uint64(length), uint64(start)];
  const locator = [uint32(0x07064b50), zeros(4), uint64(start + length), zeros(4)];
  return Buffer.concat([...zip64End, ...locator, ...end]);
}

const zeros = (length: number) => Buffer.alloc(length);

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

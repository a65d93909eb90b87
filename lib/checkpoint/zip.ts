import { describe, StsError } from "../foundation/errors.js";
import { corrupt } from "./checkpoint-file.js";
import type { CheckpointFile } from "./checkpoint-file.js";

export type ZipEntry = {
  name: string;
  /** 0 is stored. */
  method: number;
  flags: number;
  compressedSize: number;
  size: number;
  /** Of the local header, from the start of the file. */
  headerOffset: number;
};

const signatures = {
  localHeader: 0x04034b50,
  centralHeader: 0x02014b50,
  end: 0x06054b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
};
const sizes = { localHeader: 30, centralHeader: 46, end: 22, zip64End: 56, zip64Locator: 20 };
const maxComment = 0xffff;
const maxDirectoryBytes = 64 * 2 ** 20;
const stored = 0;
const encryptedFlag = 1;
const zip64ExtraField = 0x0001;
/** In a 32-bit field: the value is in the zip64 extra field. */
const inZip64 = 0xffffffff;

/**
 * The entries of a zip archive by name, from its central directory.
 * @throws StsError CHECKPOINT_CORRUPT
 * @see PKWARE's APPNOTE.TXT, 4.3
 */
export async function readZipDirectory(file: CheckpointFile): Promise<Map<string, ZipEntry>> {
  const { offset, length } = await findDirectory(file);
  if (length > maxDirectoryBytes) {
    throw corrupt(file.path, `its zip directory takes ${length} bytes, too many to be true`);
  }
  const directory = await file.read(offset, length, "the zip directory");
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  while (at < length) {
    const { entry, end } = readCentralHeader(file.path, directory, at);
    if (entries.has(entry.name)) {
      throw corrupt(file.path, `its zip directory lists ${describe(entry.name)} twice`);
    }
    entries.set(entry.name, entry);
    at = end;
  }
  return entries;
}

async function findDirectory(file: CheckpointFile): Promise<{ offset: number; length: number }> {
  const tailLength = Math.min(file.size, sizes.end + maxComment);
  const tailStart = file.size - tailLength;
  const tail = await file.read(tailStart, tailLength, "the end of the zip archive");
  let at = tailLength - sizes.end;
  while (at >= 0 && !isEndRecord(tail, at)) at--;
  if (at < 0)
    throw corrupt(file.path, "the end of the zip archive is missing: the file is cut off");
  const length = tail.readUInt32LE(at + 12);
  const offset = tail.readUInt32LE(at + 16);
  const locatorAt = tailStart + at - sizes.zip64Locator;
  const hasZip64 = length === inZip64 || offset === inZip64;
  return hasZip64 ? findZip64Directory(file, locatorAt) : { offset, length };
}

function isEndRecord(tail: Buffer, at: number): boolean {
  return (
    tail.readUInt32LE(at) === signatures.end &&
    at + sizes.end + tail.readUInt16LE(at + 20) === tail.length
  );
}

async function findZip64Directory(file: CheckpointFile, locatorAt: number) {
  const locator = await file.read(locatorAt, sizes.zip64Locator, "the zip64 locator");
  const endAt = Number(locator.readBigUInt64LE(8));
  const end = await file.read(endAt, sizes.zip64End, "the zip64 end record");
  if (
    locator.readUInt32LE() !== signatures.zip64Locator ||
    end.readUInt32LE() !== signatures.zip64End
  ) {
    throw corrupt(file.path, "the end of the zip64 archive is damaged");
  }
  return { length: Number(end.readBigUInt64LE(40)), offset: Number(end.readBigUInt64LE(48)) };
}

function readCentralHeader(path: string, directory: Buffer, at: number) {
  const damaged = () => corrupt(path, `its zip directory is damaged at its byte ${at}`);
  const nameAt = at + sizes.centralHeader;
  if (nameAt > directory.length || directory.readUInt32LE(at) !== signatures.centralHeader) {
    throw damaged();
  }
  const extraAt = nameAt + directory.readUInt16LE(at + 28);
  const commentAt = extraAt + directory.readUInt16LE(at + 30);
  const end = commentAt + directory.readUInt16LE(at + 32);
  if (end > directory.length) throw damaged();

  const wide = zip64Values(directory.subarray(extraAt, commentAt));
  const field = (position: number) => {
    const value = directory.readUInt32LE(at + position);
    const actual = value === inZip64 ? wide.shift() : value;
    if (actual === undefined) throw damaged();
    return actual;
  };
  // The zip64 extra field holds those that do not fit, in this order.
  const size = field(24);
  const compressedSize = field(20);
  const headerOffset = field(42);
  const name = directory.toString("utf8", nameAt, extraAt);
  const flags = directory.readUInt16LE(at + 8);
  const method = directory.readUInt16LE(at + 10);
  return { entry: { name, method, flags, compressedSize, size, headerOffset }, end };
}

/** The 64-bit values of the zip64 extra field, if the extra fields hold one. */
function zip64Values(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === zip64ExtraField) {
      const body = extra.subarray(at + 4, end);
      const count = Math.floor(body.length / 8);
      return Array.from({ length: count }, (_, i) => Number(body.readBigUInt64LE(8 * i)));
    }
    at = end;
  }
  return [];
}

/**
 * Where in the archive an entry's bytes begin; they have been checked to lie inside the file.
 * @throws StsError UNSUPPORTED_MODEL for a compressed or encrypted entry, CHECKPOINT_CORRUPT
 */
export async function locateZipEntry(file: CheckpointFile, entry: ZipEntry): Promise<number> {
  const name = describe(entry.name);
  if (entry.method !== stored || (entry.flags & encryptedFlag) !== 0) {
    throw new StsError(
      "UNSUPPORTED_MODEL",
      `${file.path}: the zip entry ${name} is compressed or encrypted, which torch.save never does: the archive has been packed anew. Save it again with torch.save.`,
    );
  }
  const header = await file.read(entry.headerOffset, sizes.localHeader, `the header of ${name}`);
  const nameLength = header.readUInt16LE(26);
  const nameAt = entry.headerOffset + sizes.localHeader;
  const ownName = await file.read(nameAt, nameLength, `the name of ${name}`);
  const isHeader = header.readUInt32LE() === signatures.localHeader;
  if (!isHeader || ownName.toString("utf8") !== entry.name) {
    throw corrupt(file.path, `the zip entry ${name} is not where the directory says`);
  }
  const start = nameAt + nameLength + header.readUInt16LE(28);
  if (entry.compressedSize !== entry.size || start + entry.size > file.size) {
    throw corrupt(
      file.path,
      `the zip entry ${name} should have ${entry.size} bytes from byte ${start}, but the file has ${file.size} bytes`,
    );
  }
  return start;
}

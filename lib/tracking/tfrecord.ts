import { crc32c } from "./crc32c.js";

/**
 * A record of a TFRecord file: the length of its data (uint64), the check of that, the data, the
 * check of the data; numbers are little-endian.
 * @see https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
export function encodeRecord(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, check(length), data, check(data)]);
}

function check(bytes: Uint8Array): Buffer {
  const result = Buffer.alloc(4);
  result.writeUInt32LE(maskedCrc32c(bytes));
  return result;
}

/** Rotated and moved, because the check of data that holds checks itself is a weak one. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

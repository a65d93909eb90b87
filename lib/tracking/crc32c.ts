/** Castagnoli's polynomial, its bits reversed. */
const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
  }
  return remainder;
});

/**
 * The cyclic redundancy check CRC-32C of some bytes. Node's own `zlib.crc32` is of another
 * polynomial.
 * @returns an unsigned integer of 32 bits
 * @see RFC 3720, section 12.1 and appendix B.4; Sarwate (1988), "Computation of Cyclic Redundancy
 *   Checks via Table Look-Up"
 */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = table[(remainder ^ byte) & 0xff]! ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}

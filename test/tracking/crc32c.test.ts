import { crc32c } from "../../lib/tracking/crc32c.js";
import { maskedCrc32c } from "../../lib/tracking/tfrecord.js";

// RFC 3720, appendix B.4, and the usual check of a CRC.
it.each<[string, Uint8Array, number]>([
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ["0 to 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ["31 to 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ["the digits", Buffer.from("123456789"), 0xe3069283],
  ["nothing", new Uint8Array(), 0],
])(
  "the check of %s is the standard's, so that readers take our records for whole",
  (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  },
);

it("the masked check is an unsigned number of 32 bits", () => {
  // 0xe3069283 rotated right by 15, plus 0xa282ead8.
  expect(maskedCrc32c(Buffer.from("123456789"))).toBe(0xc78ab0e5);
  expect(maskedCrc32c(new Uint8Array())).toBe(0xa282ead8);
});

/**
 * The fields of protocol buffer messages, as bytes. A message is its fields one after the other.
 * As proto3 has it, a number that is 0 and an empty text are left out, but not where they are the
 * choice of a `oneof` or the element of a list.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export const field = {
  /** Not negative. */
  integer: (number: number, value: number): Uint8Array =>
    value === 0 ? nothing : chosen.integer(number, value),
  double: (number: number, value: number): Uint8Array =>
    Object.is(value, 0) ? nothing : chosen.double(number, value),
  text: (number: number, value: string): Uint8Array =>
    value === "" ? nothing : chosen.text(number, value),
  /** The elements of a list. */
  doubles: (number: number, values: readonly number[]): Uint8Array =>
    delimited(number, doubles(values)),
  message: (number: number, ...fields: readonly Uint8Array[]): Uint8Array =>
    delimited(number, Buffer.concat(fields)),
};

/** Fields that are written whatever their value is. */
export const chosen = {
  integer: (number: number, value: number): Uint8Array =>
    Buffer.concat([tag(number, wireTypes.varint), varint(value)]),
  double: (number: number, value: number): Uint8Array =>
    Buffer.concat([tag(number, wireTypes.fixed64), doubles([value])]),
  float: (number: number, value: number): Uint8Array => {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return Buffer.concat([tag(number, wireTypes.fixed32), bytes]);
  },
  text: (number: number, value: string): Uint8Array => delimited(number, Buffer.from(value)),
};

const wireTypes = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

const nothing = new Uint8Array();

const tag = (number: number, wireType: number): Uint8Array => varint(number * 8 + wireType);

const delimited = (number: number, bytes: Uint8Array): Uint8Array =>
  Buffer.concat([tag(number, wireTypes.delimited), varint(bytes.length), bytes]);

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}

function doubles(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
  return bytes;
}

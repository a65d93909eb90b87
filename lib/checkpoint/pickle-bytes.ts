/** The bytes end before the pickle does: there may be more of them in the file. */
export class OutOfBytes extends Error {}

/** Reads a pickle's opcodes and their arguments, front to back. */
export class PickleBytes {
  constructor(
    private readonly bytes: Buffer,
    public position: number,
  ) {}

  uint8(): number {
    return this.bytes.readUInt8(this.advance(1));
  }

  uint16(): number {
    return this.bytes.readUInt16LE(this.advance(2));
  }

  uint32(): number {
    return this.bytes.readUInt32LE(this.advance(4));
  }

  int32(): number {
    return this.bytes.readInt32LE(this.advance(4));
  }

  uint64(): number {
    return Number(this.bytes.readBigUInt64LE(this.advance(8)));
  }

  /** Unlike everything else in a pickle, floats are big-endian. */
  float64(): number {
    return this.bytes.readDoubleBE(this.advance(8));
  }

  skip(length: number): void {
    this.advance(length);
  }

  /** A little-endian two's complement integer: a number where it is exact, a bigint beyond. */
  integer(length: number): number | bigint {
    const bytes = Buffer.from(this.take(length)).reverse();
    if (length === 0) return 0;
    const value = BigInt.asIntN(8 * length, BigInt(`0x${bytes.toString("hex")}`));
    const exact = Number(value);
    return Number.isSafeInteger(exact) ? exact : value;
  }

  latin1(length: number): string {
    return this.take(length).toString("latin1");
  }

  /** Undefined where the bytes are not UTF-8. */
  utf8(length: number): string | undefined {
    const bytes = this.take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return undefined;
    }
  }

  /** Up to the next line feed, without it. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new OutOfBytes();
    const text = this.bytes.toString("latin1", this.position, end);
    this.position = end + 1;
    return text;
  }

  private take(length: number): Buffer {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  private advance(length: number): number {
    const start = this.position;
    if (start + length > this.bytes.length) throw new OutOfBytes();
    this.position += length;
    return start;
  }
}

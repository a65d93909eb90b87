import { invalidArgument } from "../foundation/errors.js";

/** The whole state of a {@link Random}: four 32-bit words, which JSON can hold. */
export type RandomState = readonly [number, number, number, number];

const twoTo32 = 2 ** 32;

/**
 * The generator xoshiro128**, seeded by SplitMix64: the same numbers from the same seed on every
 * machine, and resumable. Not for secrets.
 * @see Blackman and Vigna (2021), "Scrambled Linear Pseudorandom Number Generators"
 * @see Steele, Lea and Flood (2014), "Fast Splittable Pseudorandom Number Generators"
 */
export class Random {
  readonly #words = new Uint32Array(4);

  /** @param seed a safe integer */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw invalidArgument("seed", "an integer", seed);
    const split = splitMix64(BigInt(seed));
    this.#words.set([...split(), ...split()]);
  }

  /** Where the generator stands, for {@link restore}. */
  state(): RandomState {
    const [a, b, c, d] = this.#words;
    return [a!, b!, c!, d!];
  }

  /** Goes on exactly where the generator that gave `state` stood. */
  restore(state: readonly number[]): void {
    const isWord = (word: number) => Number.isInteger(word) && word >= 0 && word < twoTo32;
    // From four zeros the generator never moves.
    if (state.length !== 4 || !state.every(isWord) || state.every((word) => word === 0)) {
      throw invalidArgument("state", "four 32-bit integers, not all zero", JSON.stringify(state));
    }
    this.#words.set(state);
  }

  /** A number in [0, 1), a multiple of 2^-53. */
  next(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** An integer from 0 to `n` - 1, each equally likely. @param n from 1 to 2^32 */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > twoTo32) {
      throw invalidArgument("n", "an integer from 1 to 2^32", n);
    }
    // Beyond the last multiple of n the small remainders would be likelier.
    const limit = twoTo32 - (twoTo32 % n);
    let word = this.#word();
    while (word >= limit) word = this.#word();
    return word % n;
  }

  /** Shuffles in place, every order equally likely (Fisher and Yates), and returns `items`. */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last--) {
      const chosen = this.integer(last + 1);
      [items[last], items[chosen]] = [items[chosen]!, items[last]!];
    }
    return items;
  }

  #word(): number {
    const s = this.#words;
    const result = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Each call gives 64 bits, the low word first. */
function splitMix64(seed: bigint): () => [number, number] {
  let state = BigInt.asUintN(64, seed);
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    z ^= z >> 31n;
    return [Number(z & 0xffffffffn), Number(z >> 32n)];
  };
}

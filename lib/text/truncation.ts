/** The end of a sentence that is cut off when it is too long. */
export type TruncationSide = "left" | "right";

/**
 * How many tokens of each sentence stay so that both fit: the longer one is cut to the length of the
 * shorter, then both to half of the room. Of an odd room the longer sentence keeps the odd token,
 * the second one where they are equal, as in `tokenizers`.
 * @param first tokens of the first sentence
 * @param second tokens of the second sentence
 * @param room tokens that fit, special tokens not counted
 */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  const half = Math.floor(room / 2);
  const [short, long] = shorter <= half ? [shorter, room - shorter] : [half, room - half];
  return first > second ? [long, short] : [short, long];
}

/** The `length` tokens of a sentence that stay. */
export function keep(ids: readonly number[], length: number, side: TruncationSide): number[] {
  return side === "left" ? ids.slice(ids.length - length) : ids.slice(0, length);
}

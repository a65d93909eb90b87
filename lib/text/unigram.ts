/** How much worse an unknown character scores than the worst piece. */
const UNKNOWN_PENALTY = 10;

/**
 * The Unigram model's best segmentation of a word by dynamic programming over its ends. The library's
 * own keeps every path as a lattice of copied nodes, and of paths that differ by a rounding error only
 * it takes another than `tokenizers`.
 * @param vocabulary pieces with their log probabilities; a piece's place is its id
 * @param unknownId the id of unknown characters; several in a row are one token
 * @see Kudo (2018), "Subword Regularization"
 */
export function createUnigram(
  vocabulary: readonly (readonly [string, number])[],
  unknownId: number,
): (word: string) => number[] {
  const ids = new Map(vocabulary.map(([piece], id) => [piece, id]));
  const scores = Float64Array.from(vocabulary, ([, score]) => readAsRust(score));
  const unknownScore = scores.reduce((a, b) => Math.min(a, b)) - UNKNOWN_PENALTY;
  const lengths = [...new Set(vocabulary.map(([piece]) => piece.length))]
    .filter((length) => length > 0)
    .sort((a, b) => a - b);

  return (word) => {
    // Of the best path that ends at each place: its score, and the start and id of its last piece.
    const best = new Float64Array(word.length + 1).fill(-Infinity);
    const starts = new Int32Array(word.length + 1);
    const pieces = new Int32Array(word.length + 1);
    const extend = (start: number, end: number, id: number, score: number): void => {
      const total = best[start]! + score;
      if (total <= best[end]!) return;
      best[end] = total;
      starts[end] = start;
      pieces[end] = id;
    };
    best[0] = 0;
    for (let start = 0; start < word.length;) {
      const next = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
      let isKnown = false;
      for (const length of lengths) {
        const end = start + length;
        if (end > word.length) break;
        const id = ids.get(word.slice(start, end));
        if (id === undefined) continue;
        extend(start, end, id, scores[id]!);
        isKnown ||= end === next;
      }
      if (!isKnown) extend(start, next, unknownId, unknownScore);
      start = next;
    }
    return backtrack(starts, pieces, unknownId);
  };
}

function backtrack(starts: Int32Array, pieces: Int32Array, unknownId: number): number[] {
  const path: number[] = [];
  for (let end = starts.length - 1; end > 0; end = starts[end]!) {
    const id = pieces[end]!;
    if (id !== unknownId || path.at(-1) !== unknownId) path.push(id);
  }
  return path.reverse();
}

/**
 * The number that `tokenizers` reads where JavaScript reads `score`: its digits divided by a power of
 * ten, which is sometimes the neighbouring double.
 */
function readAsRust(score: number): number {
  const [, digits = "", fraction = "", exponent = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:e(.+))?$/.exec(String(score)) ?? [];
  const power = Number(exponent) - fraction.length;
  const scale = Number(`1e${Math.abs(power)}`);
  const significand = Math.sign(score) * Number(digits + fraction);
  return power < 0 ? significand / scale : significand * scale;
}

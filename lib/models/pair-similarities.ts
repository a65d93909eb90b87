import type { Pair } from "../data/pair.js";
import type { SentenceEncoder } from "./sentence-encoder.js";

export type PairSimilarityOptions = {
  /** Sentences computed at a time. */
  batchSize?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told how many pairs are done, again and again. */
  onProgress?: ((done: number) => void) | undefined;
};

/** The vectors of as many pairs are in memory at a time. */
const chunkSize = 1024;

/**
 * How alike the two sentences of each pair are.
 * @returns the cosines of their vectors, -1 to 1; 0 with a zero vector
 * @throws StsError `ABORTED` when the signal fires, `DISPOSED`
 */
export async function pairSimilarities(
  encoder: SentenceEncoder,
  pairs: readonly Pair[],
  { batchSize = 32, signal, onProgress }: PairSimilarityOptions = {},
): Promise<number[]> {
  const similarities: number[] = [];
  for (let begin = 0; begin < pairs.length; begin += chunkSize) {
    const chunk = pairs.slice(begin, begin + chunkSize);
    const vectors = await encoder.encode(chunk.flat(), { batchSize, signal });
    for (const i of chunk.keys()) similarities.push(cosine(vectors[2 * i]!, vectors[2 * i + 1]!));
    onProgress?.(similarities.length);
  }
  return similarities;
}

function cosine(first: Float32Array, second: Float32Array): number {
  let [product, firstSquare, secondSquare] = [0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    product += first[i]! * second[i]!;
    firstSquare += first[i]! ** 2;
    secondSquare += second[i]! ** 2;
  }
  const norms = Math.sqrt(firstSquare) * Math.sqrt(secondSquare);
  return norms === 0 ? 0 : product / norms;
}

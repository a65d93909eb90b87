import { invalidArgument } from "../../foundation/errors.js";
import type { PairRow } from "../pair-table.js";
import type { Pair } from "../pair.js";
import { type NewPair, NewPairs } from "./new-pairs.js";
import { tidy } from "./tidy.js";

/** A pair whose sentences are back-translations, one of which is not the original at least. */
export type BackTranslatedPair = {
  of: PairRow;
  sentence1: string;
  sentence2: string;
  /** The least of its sentences' similarities to their originals; 1 for one that did not change. */
  similarity: number;
};

export type BackTranslatedPairs = {
  pairs: BackTranslatedPair[];
  /** Pairs one of whose sentences has no back-translation. */
  missing: number;
  /** Pairs both of whose sentences came back as they were, which would add nothing. */
  unchanged: number;
};

/** How alike the two texts of each pair are: cosines of a sentence encoder, -1 to 1. */
export type Similarity = (pairs: readonly Pair[]) => Promise<ArrayLike<number>>;

/**
 * Pairs of the back-translations of both sentences.
 * @param sentences the back-translations, by their originals
 * @throws StsError `INVALID_ARGUMENT` when `similarity` gives too few numbers; what it throws
 */
export async function backTranslatedPairs(
  rows: readonly PairRow[],
  sentences: ReadonlyMap<string, string>,
  similarity: Similarity,
): Promise<BackTranslatedPairs> {
  const similarities = await similaritiesOf(rows, sentences, similarity);
  const counts = { missing: 0, unchanged: 0 };
  const pairs = rows.flatMap((of): BackTranslatedPair[] => {
    const originals = [of.pair.sentence1, of.pair.sentence2] as const;
    const [sentence1, sentence2] = originals.map((original) => sentences.get(original));
    if (sentence1 === undefined || sentence2 === undefined) {
      counts.missing++;
      return [];
    }
    const changed = originals.filter((original) => similarities.has(original));
    if (changed.length === 0) {
      counts.unchanged++;
      return [];
    }
    const least = Math.min(...changed.map((original) => similarities.get(original)!));
    return [{ of, sentence1, sentence2, similarity: least }];
  });
  return { pairs, ...counts };
}

/** Of each sentence that changed, by the original. */
async function similaritiesOf(
  rows: readonly PairRow[],
  sentences: ReadonlyMap<string, string>,
  similarity: Similarity,
): Promise<Map<string, number>> {
  const originals = new Set(rows.flatMap(({ pair }) => [pair.sentence1, pair.sentence2]));
  const changed = [...originals].flatMap((original): Pair[] => {
    const back = sentences.get(original);
    return back === undefined || isSame(original, back) ? [] : [[original, back]];
  });
  const values = await similarity(changed);
  if (values.length !== changed.length) {
    throw invalidArgument("similarity", `${changed.length} numbers`, values.length);
  }
  return new Map(changed.map(([original], i) => [original, values[i]!]));
}

/** White space, and how accents and syllables are composed, are no change. */
const isSame = (original: string, back: string): boolean =>
  tidy(original.normalize()) === back.normalize();

/** Of one vector computed twice the cosine may be this much below 1. */
const tolerance = 1e-6;

export type KeptPairs = {
  pairs: NewPair[];
  /** Pairs below the threshold. */
  below: number;
  /** Pairs that the data, or a pair before, have already. */
  repeated: number;
};

/**
 * The pairs both of whose sentences are at least so similar to their originals, with new ids and the
 * labels of their originals.
 * @param rows all that the data have
 */
export function keepSimilar(
  rows: readonly PairRow[],
  pairs: readonly BackTranslatedPair[],
  threshold: number,
): KeptPairs {
  const kept = new NewPairs(rows, "bt");
  const similar = pairs.filter(({ similarity }) => similarity >= threshold - tolerance);
  for (const { of, sentence1, sentence2 } of similar) kept.add(of, { sentence1, sentence2 });
  const { made } = kept;
  return {
    pairs: made,
    below: pairs.length - similar.length,
    repeated: similar.length - made.length,
  };
}

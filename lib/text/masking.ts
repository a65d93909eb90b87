import type { Random } from "../data/random.js";
import { invalidArgument } from "../foundation/errors.js";
import type { Encoding } from "./tokenizer.js";

/** An input with some of its tokens hidden, and what they were. */
export interface MaskedEncoding {
  /** What the model reads: [tokens] */
  readonly ids: Int32Array;
  /** [tokens] */
  readonly typeIds: Int32Array;
  /** The places of `ids` whose token is to be predicted, ascending: [predictions] */
  readonly positions: Int32Array;
  /** The ids that stood there: [predictions] */
  readonly targets: Int32Array;
}

/** What masking has to know of the tokens. */
export interface MaskingFacts {
  readonly maskId: number;
  /** The highest id and one. */
  readonly vocabularySize: number;
  /** Whether an id is a special token, the unknown one included, or of no token at all. */
  readonly isSpecial: (id: number) => boolean;
  /** Whether a token is the first of a word. */
  readonly startsWord: (id: number) => boolean;
}

export interface MaskingOptions {
  /** The share of tokens to predict, above 0 and at most 1; default 0.15. */
  readonly probability?: number;
  /** Whether the tokens of a word are chosen together; default true. */
  readonly wholeWord?: boolean;
}

const MOST_PREDICTIONS = 512;

/** Of the tokens to predict, the share that is hidden, and that with those exchanged for another. */
const HIDDEN = 0.8;
const HIDDEN_OR_EXCHANGED = 0.9;

/**
 * Draws an example for masked-language-model training. Words are taken in random order; one that
 * would exceed the share of the tokens (special ones not counted), or 512, is passed over, but one
 * is taken in any case. Of the tokens chosen 80 % become the mask, 10 % a random token, and 10 % stay.
 * Nothing is to be predicted where there are special tokens only.
 * @param random moves on; from the same state come the same masks
 * @throws StsError INVALID_ARGUMENT
 * @see Devlin et al. (2019), "BERT", section 3.1 and appendix A.1
 * @see transformers' DataCollatorForWholeWordMask
 */
export function maskTokens(
  encoding: Pick<Encoding, "ids" | "typeIds">,
  facts: MaskingFacts,
  random: Random,
  { probability = 0.15, wholeWord = true }: MaskingOptions = {},
): MaskedEncoding {
  if (!(Number.isFinite(probability) && probability > 0 && probability <= 1)) {
    throw invalidArgument("probability", "a number above 0 and at most 1", probability);
  }
  const words = wordsOf(encoding.ids, facts, wholeWord);
  const positions = choose(words, probability, random);
  const ids = encoding.ids.slice();
  for (const position of positions) {
    const drawn = random.next();
    if (drawn < HIDDEN) ids[position] = facts.maskId;
    else if (drawn < HIDDEN_OR_EXCHANGED) ids[position] = ordinaryToken(facts, random);
  }
  const targets = positions.map((position) => encoding.ids[position]!);
  return { ids, typeIds: encoding.typeIds, positions, targets };
}

/** The places of each word's tokens. A special token is in no word and ends the one before it. */
function wordsOf(ids: Int32Array, facts: MaskingFacts, wholeWord: boolean): number[][] {
  const words: number[][] = [];
  let word: number[] | undefined;
  for (const [position, id] of ids.entries()) {
    if (facts.isSpecial(id)) {
      word = undefined;
    } else if (word === undefined || !wholeWord || facts.startsWord(id)) {
      words.push((word = [position]));
    } else word.push(position);
  }
  return words;
}

function choose(words: number[][], probability: number, random: Random): Int32Array {
  const tokens = words.reduce((sum, { length }) => sum + length, 0);
  const most = Math.min(MOST_PREDICTIONS, Math.max(1, Math.round(tokens * probability)));
  random.shuffle(words);
  const chosen: number[] = [];
  for (const word of words) {
    if (chosen.length + word.length <= most) chosen.push(...word);
  }
  return Int32Array.from(chosen.length > 0 ? chosen : (words[0] ?? [])).sort();
}

function ordinaryToken(facts: MaskingFacts, random: Random): number {
  for (;;) {
    const id = random.integer(facts.vocabularySize);
    if (!facts.isSpecial(id)) return id;
  }
}

import { addedTokensSchema, createTokenSplitter } from "./added-tokens.js";
import { createNormalizer } from "./normalizers.js";
import { createPreTokenizer } from "./pre-tokenizers.js";
import { createSubwordModel } from "./subword-models.js";
import { readPart } from "./tokenizer-json.js";

/** From a sentence to the ids of its tokens, without special tokens. */
export interface Pipeline {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** The ids of special tokens that were added, and of the unknown token. */
  readonly special: ReadonlySet<number>;
  /** What stands for what is not in the vocabulary; null where that is left out. */
  readonly unknownId: number | null;
  /** What the tokens inside a word begin with; null where they begin as others do. */
  readonly continuingPrefix: string | null;
  encode(text: string): number[];
}

/**
 * The stages of a tokenizer.json in their order: added tokens are taken out of the text as it stands,
 * the rest is normalized, added tokens that are normalized too are taken out of that, and what is
 * left is split into words and the words into pieces.
 * @param json tokenizer.json
 * @param file its path, for messages
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export function createPipeline(json: Record<string, unknown>, file: string): Pipeline {
  const model = createSubwordModel(json.model, `${file}: model`);
  const normalize = createNormalizer(json.normalizer, `${file}: normalizer`);
  const preTokenize = createPreTokenizer(json.pre_tokenizer, `${file}: pre_tokenizer`);
  const added = readPart(addedTokensSchema, json.added_tokens ?? [], `${file}: added_tokens`);
  // Where the model knows a token, its id holds, as in `tokenizers`.
  const tokens = added.map((token) => ({
    ...token,
    id: model.vocabulary.get(token.content) ?? token.id,
  }));
  const splitRaw = createTokenSplitter(
    tokens.filter((token) => !token.normalized),
    (text) => text,
  );
  const splitNormalized = createTokenSplitter(
    tokens.filter((token) => token.normalized),
    normalize,
  );

  const special = new Set(tokens.filter((token) => token.special).map(({ id }) => id));
  if (model.unknownId !== null) special.add(model.unknownId);

  return {
    special,
    unknownId: model.unknownId,
    continuingPrefix: model.continuingPrefix,
    vocabulary: new Map([...model.vocabulary, ...tokens.map((t) => [t.content, t.id] as const)]),
    encode: (text) => {
      const ids: number[] = [];
      for (const section of splitRaw(text)) {
        const parts = typeof section === "number" ? [section] : splitNormalized(normalize(section));
        for (const part of parts) {
          if (typeof part === "number") ids.push(part);
          else for (const id of model.encode(preTokenize(part))) ids.push(id);
        }
      }
      return ids;
    },
  };
}

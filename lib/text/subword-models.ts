import { BPE, WordPiece } from "@huggingface/tokenizers";
import { z } from "zod";

import { corrupt, readPart, unsupported } from "./tokenizer-json.js";
import { createUnigram } from "./unigram.js";

/** The third stage of a tokenizer: words in, ids of their pieces out. */
export interface SubwordModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** What stands for what is not in the vocabulary; null where that is left out. */
  readonly unknownId: number | null;
  /** What the tokens inside a word begin with; null where they begin as others do. */
  readonly continuingPrefix: string | null;
  encode(words: string[]): number[];
}

const modelSchema = z.looseObject({ type: z.string().optional(), vocab: z.unknown() });

/**
 * The subword model that a tokenizer.json describes.
 * @param where file and key, for messages
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export function createSubwordModel(value: unknown, where: string): SubwordModel {
  const config = readPart(modelSchema, value, where);
  const type = config.type ?? guessType(config);
  switch (type) {
    case "WordPiece":
      return wordPiece(config, where);
    case "Unigram":
      return unigram(config, where);
    case "BPE":
      return bytePairEncoding(config, where);
    default:
      throw unsupported(where, `the model ${JSON.stringify(type)}`, [
        ...["WordPiece", "Unigram", "BPE"],
      ]);
  }
}

/** Early versions of tokenizer.json did not name the model. */
function guessType(config: z.output<typeof modelSchema>): string {
  if (Array.isArray(config.vocab)) return "Unigram";
  return "merges" in config ? "BPE" : "WordPiece";
}

function wordPiece(value: unknown, where: string): SubwordModel {
  const schema = z.looseObject({
    vocab: z.record(z.string(), z.unknown()),
    unk_token: z.string().default("[UNK]"),
    continuing_subword_prefix: z.string().default("##"),
    max_input_chars_per_word: z.int().min(1).max(1000).default(100),
  });
  const config = readPart(schema, value, where);
  const vocabulary = readVocabulary(config.vocab, where);
  requireToken(vocabulary, config.unk_token, where);
  const vocab = config.vocab as Record<string, number>;
  const model = new WordPiece({ ...config, vocab });
  return {
    vocabulary,
    unknownId: vocabulary.get(config.unk_token)!,
    // Of an empty prefix nothing can be told.
    continuingPrefix: config.continuing_subword_prefix || null,
    encode: (words) => model.encode(words).map((piece) => vocabulary.get(piece)!),
  };
}

function unigram(value: unknown, where: string): SubwordModel {
  const schema = z.looseObject({
    vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
    unk_id: z.int().min(0),
    byte_fallback: z.boolean().default(false),
  });
  const config = readPart(schema, value, where);
  if (config.byte_fallback) throw unsupported(`${where}.byte_fallback`, "true", ["false"]);
  if (config.unk_id >= config.vocab.length) {
    throw corrupt(`${where}.unk_id: ${config.unk_id} is beyond the vocabulary`);
  }
  const vocabulary = new Map(config.vocab.map(([piece], id) => [piece, id]));
  const segment = createUnigram(config.vocab, config.unk_id);
  return {
    vocabulary,
    unknownId: config.unk_id,
    continuingPrefix: null,
    encode: (words) => words.flatMap((word) => segment(word)),
  };
}

function bytePairEncoding(value: unknown, where: string): SubwordModel {
  const schema = z.looseObject({
    vocab: z.record(z.string(), z.unknown()),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    unk_token: z.string().nullish(),
    fuse_unk: z.boolean().default(false),
    byte_fallback: z.boolean().default(false),
    ignore_merges: z.boolean().default(false),
    continuing_subword_prefix: z.string().nullish(),
    end_of_word_suffix: z.string().nullish(),
    dropout: z.number().nullish(),
  });
  const config = readPart(schema, value, where);
  for (const option of ["continuing_subword_prefix", "dropout"] as const) {
    if (config[option]) {
      throw unsupported(`${where}.${option}`, JSON.stringify(config[option]), ["null"]);
    }
  }
  const vocabulary = readVocabulary(config.vocab, where);
  const unknown = config.unk_token ?? null;
  if (unknown !== null) requireToken(vocabulary, unknown, where);
  const model = new BPE({
    vocab: config.vocab as Record<string, number>,
    merges: readMerges(config.merges, vocabulary, where),
    unk_token: unknown,
    byte_fallback: config.byte_fallback,
    ignore_merges: config.ignore_merges,
    end_of_word_suffix: config.end_of_word_suffix ?? null,
  });
  const unknownId = unknown === null ? -1 : vocabulary.get(unknown)!;
  return {
    vocabulary,
    unknownId: unknown === null ? null : unknownId,
    continuingPrefix: null,
    encode: (words) => {
      const ids: number[] = [];
      for (const word of words) {
        const known = unknown === null && !config.byte_fallback ? knownOf(word, vocabulary) : word;
        appendPieces(ids, model.encode([known]), vocabulary, unknownId, config.fuse_unk);
      }
      return ids;
    },
  };
}

/** Without an unknown token what is unknown is left out, before pieces are joined. */
function knownOf(word: string, vocabulary: ReadonlyMap<string, number>): string {
  return Array.from(word)
    .filter((character) => vocabulary.has(character))
    .join("");
}

/** Appends the pieces of one word; of unknown pieces in a row only the first where they fuse. */
function appendPieces(
  ids: number[],
  pieces: readonly string[],
  vocabulary: ReadonlyMap<string, number>,
  unknownId: number,
  fuses: boolean,
): void {
  let previous: number | undefined;
  for (const piece of pieces) {
    const id = vocabulary.get(piece) ?? unknownId;
    if (!(fuses && id === unknownId && previous === unknownId)) ids.push(id);
    previous = id;
  }
}

function readVocabulary(vocab: Record<string, unknown>, where: string): Map<string, number> {
  const vocabulary = new Map<string, number>();
  for (const [token, id] of Object.entries(vocab)) {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) > 0x7fffffff) {
      throw corrupt(`${where}.vocab: the id of ${JSON.stringify(token)} is not a whole number`);
    }
    vocabulary.set(token, id as number);
  }
  return vocabulary;
}

function requireToken(vocabulary: ReadonlyMap<string, number>, token: string, where: string): void {
  if (vocabulary.has(token)) return;
  throw corrupt(`${where}.vocab: the unknown token ${JSON.stringify(token)} is not in it`);
}

function readMerges(
  merges: readonly (string | [string, string])[],
  vocabulary: ReadonlyMap<string, number>,
  where: string,
): [string, string][] {
  return merges.map((merge, index) => {
    const pair = typeof merge === "string" ? merge.split(" ") : merge;
    const [left, right] = pair;
    if (
      pair.length === 2 &&
      [left!, right!, left! + right!].every((part) => vocabulary.has(part))
    ) {
      return [left!, right!];
    }
    throw corrupt(
      `${where}.merges.${index}: does not join two pieces of the vocabulary to a third`,
    );
  });
}

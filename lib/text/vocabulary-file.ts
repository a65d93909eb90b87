import { z } from "zod";

import { StsError } from "../foundation/errors.js";
import { addedTokensSchema } from "./added-tokens.js";
import { corrupt, readPart } from "./tokenizer-json.js";

/** Tokenizers that are wholly described by a vocab.txt of WordPieces and these options. */
const WORD_PIECE_CLASS =
  /^(Bert|Electra|DistilBert|PreTrained)Tokenizer(Fast)?$|^TokenizersBackend$/;

/** A special token of tokenizer_config.json: its text, or an object that has it. */
export const tokenSchema = z
  .union([z.string(), z.looseObject({ content: z.string() })])
  .transform((value) => (typeof value === "string" ? value : value.content));
const named = (name: string) => tokenSchema.nullish().transform((value) => value ?? name);

const optionsSchema = z.looseObject({
  tokenizer_class: z.string().nullish(),
  do_lower_case: z.boolean().nullish(),
  strip_accents: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().default(true),
  unk_token: named("[UNK]"),
  cls_token: named("[CLS]"),
  sep_token: named("[SEP]"),
  pad_token: named("[PAD]"),
  mask_token: named("[MASK]"),
  additional_special_tokens: z.array(tokenSchema).nullish(),
  added_tokens_decoder: z.record(z.string(), z.looseObject({ content: z.string() })).nullish(),
});
type Options = z.output<typeof optionsSchema>;

/** What a vocab.txt comes to. */
export interface ConvertedVocabulary {
  /** The equivalent tokenizer.json. */
  readonly json: Record<string, unknown>;
  /** The options that it was made with, for tokenizer_config.json. */
  readonly options: Record<string, unknown>;
}

/**
 * The tokenizer.json that is equivalent to a BERT vocabulary.
 *
 * Where the options leave open whether to lowercase and to strip accents, the vocabulary decides: if
 * it holds an entry that lowercasing would change, it is cased, for that entry could never be found
 * otherwise; likewise with accents, whose stripping also takes Hangul syllables apart. (Python
 * lowercases and strips, and so reads a cased Korean vocabulary as mostly unknown words.)
 * @param text the content of vocab.txt: one token a line, the first line is id 0
 * @param options tokenizer_config.json with special_tokens_map.json; may be empty
 * @param file path of vocab.txt, for messages
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export function convertVocabulary(
  text: string,
  options: Record<string, unknown>,
  file: string,
): ConvertedVocabulary {
  const config = readPart(optionsSchema, options, `tokenizer_config.json beside ${file}`);
  checkClass(config.tokenizer_class ?? "BertTokenizer", file);
  const vocabulary = readLines(text);
  const special = specialTokens(config, vocabulary, file);
  const normalizer = bertNormalizer(config, [...vocabulary.keys()]);
  const { unk_token, cls_token, sep_token, pad_token, mask_token } = config;
  return {
    json: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: special,
      normalizer,
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: bertTemplate(cls_token, sep_token, vocabulary),
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
      model: {
        type: "WordPiece",
        unk_token,
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(vocabulary),
      },
    },
    options: {
      do_lower_case: normalizer.lowercase,
      strip_accents: normalizer.strip_accents,
      tokenize_chinese_chars: normalizer.handle_chinese_chars,
      ...{ unk_token, cls_token, sep_token },
      ...(vocabulary.has(pad_token) ? { pad_token } : {}),
      ...(vocabulary.has(mask_token) ? { mask_token } : {}),
      additional_special_tokens: config.additional_special_tokens ?? [],
    },
  };
}

function checkClass(name: string, file: string): void {
  if (WORD_PIECE_CLASS.test(name)) return;
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${file}: a vocab.txt of the class ${JSON.stringify(name)} is not supported. Write its tokenizer.json in Python: AutoTokenizer.from_pretrained(…).save_pretrained(…).`,
  );
}

function readLines(text: string): Map<string, number> {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return new Map(lines.map((entry, id) => [entry, id]));
}

/** `added_tokens` of tokenizer.json: the special tokens, and those added after pre-training. */
function specialTokens(
  config: Options,
  vocabulary: ReadonlyMap<string, number>,
  file: string,
): z.output<typeof addedTokensSchema> {
  const { unk_token, cls_token, sep_token, pad_token, mask_token } = config;
  const core = [unk_token, cls_token, sep_token];
  const additional = config.additional_special_tokens ?? [];
  const specials = [...core, pad_token, mask_token, ...additional];
  const added = Object.entries(config.added_tokens_decoder ?? {}).map(([id, entry]) => ({
    special: specials.includes(entry.content),
    ...entry,
    id: Number(id),
  }));
  const tokens = new Map(
    readPart(addedTokensSchema, added, `added tokens of ${file}`).map((t) => [t.content, t]),
  );
  const required = [...core, ...additional.filter((name) => !tokens.has(name))];
  const missing = required.find((name) => !vocabulary.has(name));
  if (missing !== undefined) {
    throw corrupt(`${file}: the special token ${JSON.stringify(missing)} is not in it`);
  }
  for (const content of specials) {
    const id = vocabulary.get(content);
    if (id === undefined || tokens.has(content)) continue;
    const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    tokens.set(content, { id, content, ...plain, special: true });
  }
  return [...tokens.values()].sort((a, b) => a.id - b.id);
}

function bertNormalizer(config: Options, entries: readonly string[]) {
  const words = entries.filter((entry) => !/^[[<].+[\]>]$/.test(entry));
  const isUncased = () => words.every((word) => word === word.toLowerCase());
  const isUnaccented = () =>
    words.every((word) => word === word.normalize("NFD").replace(/\p{Mn}/gu, ""));
  const lowercase = config.do_lower_case ?? isUncased();
  return {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: config.tokenize_chinese_chars,
    strip_accents: config.strip_accents ?? config.do_lower_case ?? (lowercase && isUnaccented()),
    lowercase,
  };
}

/** `[CLS] A [SEP] B [SEP]`, of which `B [SEP]` has type id 1. */
function bertTemplate(cls: string, sep: string, vocabulary: ReadonlyMap<string, number>) {
  const special = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const sentence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [special(cls, 0), sentence("A", 0), special(sep, 0)];
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, sentence("B", 1), special(sep, 1)],
    special_tokens: Object.fromEntries(
      [cls, sep].map((id) => [id, { id, ids: [vocabulary.get(id)!], tokens: [id] }]),
    ),
  };
}

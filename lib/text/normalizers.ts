import { ReplaceNormalizer } from "@huggingface/tokenizers";
import { z } from "zod";

import { DROPPED, IDEOGRAPHS } from "./character-classes.js";
import { precompiledNormalizer } from "./precompiled-normalizer.js";
import { readPart, unsupported } from "./tokenizer-json.js";

/** Text in, text out: the first stage of a tokenizer. */
export type Normalize = (text: string) => string;

const typed = z.looseObject({ type: z.string() });
const flag = z.boolean().default(true);

/** A pattern of tokenizer.json: a literal, or a regular expression in Oniguruma's dialect. */
export const patternSchema = z.union([
  z.object({ String: z.string().min(1) }),
  z.object({ Regex: z.string() }),
]);

const bertSchema = z.looseObject({
  clean_text: flag,
  handle_chinese_chars: flag,
  strip_accents: z.boolean().nullish(),
  lowercase: flag,
});

/**
 * The normalizer that a tokenizer.json describes.
 * @param where file and key, for messages
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export function createNormalizer(value: unknown, where: string): Normalize {
  if (value === null || value === undefined) return (text) => text;
  const config = readPart(typed, value, where);
  switch (config.type) {
    case "BertNormalizer":
      return bertNormalizer(readPart(bertSchema, config, where));
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD": {
      const form = config.type;
      return (text) => text.normalize(form);
    }
    case "Lowercase":
      return lowercase;
    case "StripAccents":
      return (text) => text.replace(/\p{M}/gu, "");
    case "Strip":
      return stripNormalizer(config, where);
    case "Prepend": {
      const { prepend } = readPart(z.looseObject({ prepend: z.string() }), config, where);
      return (text) => (text === "" ? "" : prepend + text);
    }
    case "Replace":
      return replaceNormalizer(config, where);
    case "Precompiled":
      return precompiledNormalizer(config, where);
    case "Sequence":
      return sequenceNormalizer(config, where);
    default:
      throw unsupported(where, `the normalizer ${JSON.stringify(config.type)}`, [
        "BertNormalizer",
        ...["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"],
        ...["Strip", "Prepend", "Replace", "Precompiled", "Sequence"],
      ]);
  }
}

/**
 * The normalizer of BERT: drops controls, sets ideographs apart, strips accents, lowercases. The
 * library's own drops characters that Python keeps and misses ideographs beyond U+FFFF.
 */
function bertNormalizer(config: z.output<typeof bertSchema>): Normalize {
  const dropped = new RegExp(DROPPED, "gv");
  const ideographs = new RegExp(IDEOGRAPHS, "gv");
  const stripsAccents = config.strip_accents ?? config.lowercase;
  return (text) => {
    if (config.clean_text) text = text.replace(dropped, "").replace(/\p{White_Space}/gu, " ");
    if (config.handle_chinese_chars) text = text.replace(ideographs, " $& ");
    if (stripsAccents) text = text.normalize("NFD").replace(/\p{Mn}/gu, "");
    return config.lowercase ? lowercase(text) : text;
  };
}

/** Lowercases each character by itself: `tokenizers` has no final sigma. */
function lowercase(text: string): string {
  return text.replaceAll("Σ", "σ").toLowerCase();
}

function stripNormalizer(value: unknown, where: string): Normalize {
  const schema = z.looseObject({ strip_left: z.boolean(), strip_right: z.boolean() });
  const { strip_left: left, strip_right: right } = readPart(schema, value, where);
  return (text) => {
    if (left) text = text.replace(/^\p{White_Space}+/u, "");
    return right ? trimEnd(text) : text;
  };
}

/** Without a regular expression, which would try every run of spaces in the text to its end. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /\p{White_Space}/u.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function replaceNormalizer(value: unknown, where: string): Normalize {
  const schema = z.looseObject({ pattern: patternSchema, content: z.string() });
  const { pattern, content } = readPart(schema, value, where);
  const expression = new ReplaceNormalizer({ pattern, content }).pattern;
  return (text) => text.replace(expression, () => content);
}

function sequenceNormalizer(value: unknown, where: string): Normalize {
  const schema = z.looseObject({ normalizers: z.array(z.unknown()) });
  const stages = readPart(schema, value, where).normalizers.map((stage, index) =>
    createNormalizer(stage, `${where}.normalizers.${index}`),
  );
  return (text) => stages.reduce((normalized, normalize) => normalize(normalized), text);
}

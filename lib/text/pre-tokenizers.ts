import { ByteLevelPreTokenizer, SplitPreTokenizer } from "@huggingface/tokenizers";
import { z } from "zod";

import { PUNCTUATION, WORD } from "./character-classes.js";
import { patternSchema } from "./normalizers.js";
import { readPart, unsupported } from "./tokenizer-json.js";

/** Normalized text in, words out: the second stage of a tokenizer. */
export type PreTokenize = (text: string) => string[];

const BEHAVIOURS = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
] as const;
type Behaviour = (typeof BEHAVIOURS)[number];

const typed = z.looseObject({ type: z.string() });
const behaviour = z.enum(BEHAVIOURS);
const SPACE = /\p{White_Space}/gu;

/**
 * The pre-tokenizer that a tokenizer.json describes. Where the library's own component splits
 * otherwise than Python's, the split is done here.
 * @param where file and key, for messages
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export function createPreTokenizer(value: unknown, where: string): PreTokenize {
  if (value === null || value === undefined) return (text) => [text];
  const config = readPart(typed, value, where);
  switch (config.type) {
    case "BertPreTokenizer": {
      const word = new RegExp(`[^\\p{White_Space}${PUNCTUATION}]+|${PUNCTUATION}`, "gv");
      return (text) => text.match(word) ?? [];
    }
    case "Whitespace": {
      const word = new RegExp(`${WORD}+|[^${WORD}\\p{White_Space}]+`, "gv");
      return (text) => text.match(word) ?? [];
    }
    case "WhitespaceSplit":
      return splitter(SPACE, "Removed");
    case "CharDelimiterSplit": {
      const { delimiter } = readPart(z.looseObject({ delimiter: z.string() }), config, where);
      return splitPreTokenizer({ pattern: { String: delimiter }, behavior: "Removed" }, where);
    }
    case "Punctuation": {
      const schema = z.looseObject({ behavior: behaviour.default("Isolated") });
      return splitter(new RegExp(PUNCTUATION, "gv"), readPart(schema, config, where).behavior);
    }
    case "Digits": {
      const schema = z.looseObject({ individual_digits: z.boolean().default(false) });
      const { individual_digits: single } = readPart(schema, config, where);
      return splitter(/\p{N}/gu, single ? "Isolated" : "Contiguous");
    }
    case "Metaspace":
      return metaspace(config, where);
    case "ByteLevel":
      return byteLevel(config, where);
    case "Split":
      return splitPreTokenizer(config, where);
    case "Sequence":
      return sequence(config, where);
    default:
      throw unsupported(where, `the pre-tokenizer ${JSON.stringify(config.type)}`, [
        ...["BertPreTokenizer", "Whitespace", "WhitespaceSplit", "CharDelimiterSplit"],
        ...["Punctuation", "Digits", "Metaspace", "ByteLevel", "Split", "Sequence"],
      ]);
  }
}

function splitPreTokenizer(value: unknown, where: string): PreTokenize {
  const schema = z.looseObject({
    pattern: patternSchema,
    behavior: behaviour,
    invert: z.boolean().default(false),
  });
  const { pattern, behavior, invert } = readPart(schema, value, where);
  return splitter(new SplitPreTokenizer({ pattern, invert: true }).pattern, behavior, invert);
}

/** SentencePiece's words: spaces become `▁`, and each word begins with one. */
function metaspace(value: unknown, where: string): PreTokenize {
  const schema = z.looseObject({
    replacement: z.string().default("▁"),
    add_prefix_space: z.boolean().optional(),
    prepend_scheme: z.enum(["always", "first", "never"]).optional(),
    split: z.boolean().default(true),
  });
  const config = readPart(schema, value, where);
  const scheme = config.prepend_scheme ?? (config.add_prefix_space === false ? "never" : "always");
  if (scheme === "first") {
    throw unsupported(`${where}.prepend_scheme`, '"first"', ['"always"', '"never"']);
  }
  const mark = config.replacement;
  const marks = new SplitPreTokenizer({ pattern: { String: mark }, invert: true }).pattern;
  const split = config.split ? splitter(marks, "MergedWithNext") : (text: string) => [text];
  return (text) => {
    const marked = text.replaceAll(" ", () => mark);
    return split(scheme === "never" || marked.startsWith(mark) ? marked : mark + marked);
  };
}

function byteLevel(value: unknown, where: string): PreTokenize {
  const schema = z.looseObject({
    add_prefix_space: z.boolean().default(true),
    use_regex: z.boolean().default(true),
  });
  const preTokenizer = new ByteLevelPreTokenizer(readPart(schema, value, where));
  // JavaScript's \s has U+FEFF and lacks U+0085.
  preTokenizer.pattern =
    /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
  return (text) => preTokenizer.pre_tokenize_text(text);
}

function sequence(value: unknown, where: string): PreTokenize {
  const schema = z.looseObject({ pretokenizers: z.array(z.unknown()) });
  const stages = readPart(schema, value, where).pretokenizers.map((stage, index) =>
    createPreTokenizer(stage, `${where}.pretokenizers.${index}`),
  );
  return (text) => stages.reduce((words, split) => words.flatMap((word) => split(word)), [text]);
}

/** Splits at the matches of a pattern; `behaviour` says what becomes of the matches themselves. */
function splitter(pattern: RegExp, behaviour: Behaviour, invert = false): PreTokenize {
  return (text) => {
    const words: string[] = [];
    let wasMatch: boolean | undefined;
    for (const [piece, isMatch] of pieces(text, pattern, invert)) {
      if (!(behaviour === "Removed" && isMatch)) {
        const joins =
          (behaviour === "Contiguous" && isMatch === wasMatch) ||
          (behaviour === "MergedWithPrevious" && isMatch && wasMatch === false) ||
          (behaviour === "MergedWithNext" && !isMatch && wasMatch === true);
        if (joins) words.push(words.pop()! + piece);
        else words.push(piece);
      }
      wasMatch = isMatch;
    }
    return words;
  };
}

/** The text from its start to its end, what matches and what lies between. */
function* pieces(text: string, pattern: RegExp, invert: boolean): Generator<[string, boolean]> {
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === "") continue;
    if (match.index > end) yield [text.slice(end, match.index), invert];
    yield [match[0], !invert];
    end = match.index + match[0].length;
  }
  if (end < text.length) yield [text.slice(end), invert];
}

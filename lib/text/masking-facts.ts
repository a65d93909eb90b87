import { z } from "zod";

import { describe, StsError } from "../foundation/errors.js";
import type { MaskingFacts } from "./masking.js";
import type { Pipeline } from "./pipeline.js";
import type { Templates } from "./post-processor.js";
import type { TokenizerFiles } from "./tokenizer-files.js";
import { readPart } from "./tokenizer-json.js";
import { tokenSchema } from "./vocabulary-file.js";

const maskSchema = z.looseObject({ mask_token: tokenSchema.nullish() });
const preTokenizerSchema = z.looseObject({
  type: z.string(),
  replacement: z.string().default("▁"),
  pretokenizers: z.array(z.unknown()).default([]),
});

const USUAL_MASKS = ["[MASK]", "<mask>"];

/**
 * What masking has to know of a tokenizer's tokens. Special tokens are those that were added as such,
 * those of the templates, the unknown token and the mask.
 * @throws StsError UNSUPPORTED_MODEL where there is no mask token, CHECKPOINT_CORRUPT
 */
export function readMaskingFacts(
  files: TokenizerFiles,
  pipeline: Pipeline,
  templates: Templates,
): MaskingFacts {
  const maskId = readMaskId(files, pipeline);
  const special = new Set([maskId, ...pipeline.special, ...templateIds(templates)]);
  const startsWord = wordStart(files, pipeline);
  const ordinary = new Set<number>();
  const starts = new Set<number>();
  let highest = -1;
  for (const [token, id] of pipeline.vocabulary) {
    highest = Math.max(highest, id);
    if (!special.has(id)) ordinary.add(id);
    if (startsWord(token)) starts.add(id);
  }
  return {
    maskId,
    vocabularySize: highest + 1,
    isSpecial: (id) => !ordinary.has(id),
    startsWord: (id) => starts.has(id),
  };
}

function readMaskId(files: TokenizerFiles, { vocabulary }: Pipeline): number {
  const { config, specialTokens, file } = files;
  const name =
    readPart(maskSchema, config, `tokenizer_config.json beside ${file}`).mask_token ??
    readPart(maskSchema, specialTokens, `special_tokens_map.json beside ${file}`).mask_token;
  const names = name === null || name === undefined ? USUAL_MASKS : [name];
  const known = names.find((token) => vocabulary.has(token));
  if (known !== undefined) return vocabulary.get(known)!;
  const what = names.map(describe).join(" or ");
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${file}: the tokenizer has no mask token: its vocabulary has no ${what}. Training on masked ` +
      "tokens needs a model that was made for it, such as BERT or RoBERTa. A mask token of " +
      "another name is given as mask_token in tokenizer_config.json.",
  );
}

function templateIds({ single, pair }: Templates): number[] {
  const parts = [...single.parts, ...pair.parts];
  return parts.flatMap((part) => ("ids" in part ? part.ids : []));
}

/**
 * Whether a token is the first of a word: by the prefix of those that are not, else by the mark that
 * the pre-tokenizer puts where a space was. Where there is neither, each token is a word.
 */
function wordStart(
  { json, file }: TokenizerFiles,
  { continuingPrefix }: Pipeline,
): (token: string) => boolean {
  if (continuingPrefix !== null) return (token) => !token.startsWith(continuingPrefix);
  const mark = spaceMark(json.pre_tokenizer, `${file}: pre_tokenizer`);
  return (token) => mark === undefined || token.startsWith(mark);
}

function spaceMark(value: unknown, where: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  const config = readPart(preTokenizerSchema, value, where);
  if (config.type === "Metaspace") return config.replacement;
  if (config.type === "ByteLevel") return "Ġ";
  const marks = config.pretokenizers.map((stage) => spaceMark(stage, where));
  return marks.find((mark) => mark !== undefined);
}

import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { ioFailed, writeFileAtomically } from "../foundation/atomic-file.js";
import { StsError } from "../foundation/errors.js";
import { corrupt, readPart } from "./tokenizer-json.js";
import { convertVocabulary } from "./vocabulary-file.js";
import { makeDirectory } from "../foundation/make-directory.js";

const objectSchema = z.record(z.string(), z.unknown());
type JsonObject = z.output<typeof objectSchema>;

/** Copied as they are when a tokenizer is saved. */
const COPIED = [
  "tokenizer.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.txt",
] as const;

/**
 * tokenizer_config.json that tells Python to take tokenizer.json as it is, type ids included. A class
 * of its own, such as `RobertaTokenizer`, would be built anew from the vocabulary, which need not be
 * of that class: klue/roberta's is WordPieces.
 */
const asItIs = (config: JsonObject): JsonObject => ({
  model_input_names: ["input_ids", "token_type_ids", "attention_mask"],
  ...config,
  tokenizer_class: "PreTrainedTokenizerFast",
});

/** A tokenizer as it lies in a model directory. */
export interface TokenizerFiles {
  /** tokenizer.json, or what stands for it where there is only a vocab.txt. */
  readonly json: JsonObject;
  /** tokenizer_config.json; empty where there is none. */
  readonly config: JsonObject;
  /** special_tokens_map.json; empty where there is none. */
  readonly specialTokens: JsonObject;
  /** The file that `json` is from, for messages. */
  readonly file: string;
  /** What `writeTokenizerFiles` writes: file name to content. */
  readonly contents: ReadonlyMap<string, Buffer>;
}

/**
 * Reads tokenizer.json, or vocab.txt where there is none, with their options.
 * @throws StsError NOT_FOUND, CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export async function readTokenizerFiles(directory: string): Promise<TokenizerFiles> {
  const contents = new Map<string, Buffer>();
  for (const name of [...COPIED, "tokenizer_config.json"]) {
    const content = await readIfPresent(path.join(directory, name));
    if (content) contents.set(name, content);
  }
  const parse = (name: string): JsonObject => {
    const content = contents.get(name);
    return content ? parseObject(content, path.join(directory, name)) : {};
  };
  const config = parse("tokenizer_config.json");
  const specialTokens = parse("special_tokens_map.json");
  const inDirectory = (name: string) => path.join(directory, name);
  if (contents.has("tokenizer.json")) {
    contents.set("tokenizer_config.json", encode(asItIs(config)));
    const json = parse("tokenizer.json");
    return { json, config, specialTokens, file: inDirectory("tokenizer.json"), contents };
  }

  const vocabulary = contents.get("vocab.txt");
  if (!vocabulary) {
    throw new StsError(
      "NOT_FOUND",
      `${directory}: no tokenizer found. Looked for tokenizer.json and vocab.txt. A tokenizer in another format becomes a tokenizer.json in Python: AutoTokenizer.from_pretrained(…).save_pretrained(…).`,
    );
  }
  const file = inDirectory("vocab.txt");
  const { json, options } = convertVocabulary(
    decode(vocabulary, file),
    {
      ...addedTokens(parse("added_tokens.json")),
      ...specialTokens,
      ...config,
    },
    file,
  );
  contents.set("tokenizer.json", encode(json));
  contents.set("tokenizer_config.json", encode(asItIs({ ...config, ...options })));
  return { json, config, specialTokens, file, contents };
}

/**
 * Writes the files to a directory, which is made where it is missing. What was there stays until
 * what is new is complete.
 * @param maxLength for tokenizer_config.json; what it says when left out
 * @throws StsError IO_FAILED
 */
export async function writeTokenizerFiles(
  { contents }: TokenizerFiles,
  directory: string,
  maxLength?: number,
): Promise<void> {
  try {
    await makeDirectory(directory);
  } catch (error) {
    throw ioFailed(directory, error);
  }
  const written = maxLength === undefined ? contents : withMaxLength(contents, maxLength);
  for (const [name, content] of written) {
    await writeFileAtomically(path.join(directory, name), content);
  }
}

function withMaxLength(contents: TokenizerFiles["contents"], maxLength: number) {
  const name = "tokenizer_config.json";
  const config = JSON.parse(contents.get(name)!.toString()) as JsonObject;
  return new Map(contents).set(name, encode({ ...config, model_max_length: maxLength }));
}

/** added_tokens.json, `{"<PERSON>": 35000}`, in the terms of tokenizer_config.json. */
function addedTokens(tokens: JsonObject): JsonObject {
  const entries = Object.entries(tokens).map(([content, id]) => [String(id), { content }]);
  return entries.length === 0 ? {} : { added_tokens_decoder: Object.fromEntries(entries) };
}

async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StsError("NOT_FOUND", `${file}: cannot be read (${String(cause)}).`, { cause });
  }
}

function parseObject(content: Buffer, file: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(decode(content, file));
  } catch (cause) {
    if (cause instanceof StsError) throw cause;
    throw corrupt(`${file}: is not JSON (${(cause as Error).message})`, cause);
  }
  return readPart(objectSchema, value, file);
}

function decode(content: Buffer, file: string): string {
  if (!isUtf8(content)) throw corrupt(`${file}: is not UTF-8`);
  return content.toString("utf8");
}

function encode(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

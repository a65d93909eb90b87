import { toUSVString } from "node:util";

import { z } from "zod";

import { invalidArgument, StsError } from "../foundation/errors.js";
import type { MaskingFacts } from "./masking.js";
import { readMaskingFacts } from "./masking-facts.js";
import { createPipeline } from "./pipeline.js";
import type { Pipeline } from "./pipeline.js";
import { readTemplates } from "./post-processor.js";
import type { Template, Templates } from "./post-processor.js";
import { readTokenizerFiles, writeTokenizerFiles } from "./tokenizer-files.js";
import type { TokenizerFiles } from "./tokenizer-files.js";
import { corrupt, readPart } from "./tokenizer-json.js";
import { keep, longestFirst } from "./truncation.js";
import type { TruncationSide } from "./truncation.js";

/** A sentence or pair as the model reads it, special tokens included. There is no padding. */
export interface Encoding {
  /** [tokens] */
  readonly ids: Int32Array;
  /** Which sentence a token is of, as the model was trained to see it: [tokens] */
  readonly typeIds: Int32Array;
  /** Whether tokens were cut off to keep to the length. */
  readonly truncated: boolean;
}

/** Where transformers has no limit it writes an integer beyond any length, 1e30. */
const NO_LIMIT = 1e9;

const configSchema = z.looseObject({
  model_max_length: z.number().nullish(),
  max_len: z.number().nullish(),
  truncation_side: z.enum(["left", "right"]).nullish(),
});
const truncationSchema = z.looseObject({ direction: z.enum(["Left", "Right"]) }).nullish();

/**
 * The tokenizer of a model directory, with the ids and type ids of Python's `tokenizers`. Truncation
 * and padding that a tokenizer.json may ask for are left out: the caller says how long, and a batch
 * is packed.
 */
export class Tokenizer {
  /** Rows that an embedding table needs: the highest id and one. */
  readonly vocabularySize: number;
  /** The length that the tokenizer's files name as the model's limit; null where they name none. */
  readonly modelMaxLength: number | null;

  readonly #files: TokenizerFiles;
  readonly #pipeline: Pipeline;
  readonly #templates: Templates;
  readonly #side: TruncationSide;
  #tokens: ReadonlyMap<number, string> | undefined;
  #masking: MaskingFacts | undefined;

  /**
   * Reads `tokenizer.json`, or `vocab.txt` where there is none, and `tokenizer_config.json`.
   * @throws StsError NOT_FOUND, CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
   */
  static async load(directory: string): Promise<Tokenizer> {
    const files = await readTokenizerFiles(directory);
    try {
      return new Tokenizer(files);
    } catch (cause) {
      if (cause instanceof StsError) throw cause;
      throw corrupt(`${files.file}: does not describe a tokenizer (${String(cause)})`, cause);
    }
  }

  private constructor(files: TokenizerFiles) {
    const { json, file } = files;
    const config = readPart(configSchema, files.config, `tokenizer_config.json beside ${file}`);
    const truncation = readPart(truncationSchema, json.truncation, `${file}: truncation`);
    const limit = config.model_max_length ?? config.max_len ?? NO_LIMIT;
    this.#files = files;
    this.#pipeline = createPipeline(json, file);
    this.#templates = readTemplates(json.post_processor, `${file}: post_processor`);
    this.#side = config.truncation_side ?? (truncation?.direction === "Left" ? "left" : "right");
    this.modelMaxLength = limit >= 1 && limit < NO_LIMIT ? Math.floor(limit) : null;
    let highest = -1;
    for (const id of this.#pipeline.vocabulary.values()) highest = Math.max(highest, id);
    this.vocabularySize = highest + 1;
  }

  /**
   * One sentence with its special tokens.
   * @param maxLength tokens at most, special tokens included; what is too long is cut
   * @throws StsError INVALID_ARGUMENT
   */
  encode(text: string, maxLength: number): Encoding {
    const room = roomFor(maxLength, this.#templates.single);
    const ids = this.#idsOf("text", text);
    const kept = Math.min(ids.length, room);
    return assemble(this.#templates.single, [keep(ids, kept, this.#side)], kept < ids.length);
  }

  /**
   * Two sentences in one input with their special tokens. A pair that is too long loses tokens from
   * its longer sentence first.
   * @param maxLength tokens at most, special tokens included
   * @throws StsError INVALID_ARGUMENT
   */
  encodePair(first: string, second: string, maxLength: number): Encoding {
    const room = roomFor(maxLength, this.#templates.pair);
    const a = this.#idsOf("first", first);
    const b = this.#idsOf("second", second);
    const [keptA, keptB] = longestFirst(a.length, b.length, room);
    const kept = [keep(a, keptA, this.#side), keep(b, keptB, this.#side)];
    return assemble(this.#templates.pair, kept, keptA + keptB < a.length + b.length);
  }

  /** The tokens that ids stand for, for people to read. An id of no token is an empty string. */
  tokensOf(ids: Iterable<number>): string[] {
    this.#tokens ??= new Map([...this.#pipeline.vocabulary].map(([token, id]) => [id, token]));
    return Array.from(ids, (id) => this.#tokens?.get(id) ?? "");
  }

  /** Special tokens around one sentence, and around and between two. */
  get specialTokens(): { single: number; pair: number } {
    const { single, pair } = this.#templates;
    return { single: single.specialTokens, pair: pair.specialTokens };
  }

  /** The token that stands for what is not in the vocabulary; null where that is left out. */
  get unknownId(): number | null {
    return this.#pipeline.unknownId;
  }

  /**
   * What masking has to know of the tokens, for `maskTokens`.
   * @throws StsError UNSUPPORTED_MODEL for a tokenizer without a mask token
   */
  get masking(): MaskingFacts {
    this.#masking ??= readMaskingFacts(this.#files, this.#pipeline, this.#templates);
    return this.#masking;
  }

  /**
   * Writes the tokenizer's files so that this class and Python's AutoTokenizer load it again; a
   * tokenizer that came as vocab.txt also gets its tokenizer.json.
   * @param maxLength tokens at which Python cuts inputs; what the files name when left out
   * @throws StsError IO_FAILED
   */
  async save(directory: string, maxLength?: number): Promise<void> {
    await writeTokenizerFiles(this.#files, directory, maxLength);
  }

  #idsOf(name: string, text: unknown): number[] {
    if (typeof text !== "string") throw invalidArgument(name, "a string", text);
    return this.#pipeline.encode(toUSVString(text));
  }
}

function roomFor(maxLength: number, template: Template): number {
  const room = maxLength - template.specialTokens;
  if (Number.isSafeInteger(maxLength) && room >= 1) return room;
  const expected = `a whole number of ${template.specialTokens + 1} or more (${template.specialTokens} special tokens and one of text)`;
  throw invalidArgument("maxLength", expected, maxLength);
}

function assemble(template: Template, sentences: number[][], truncated: boolean): Encoding {
  const length = sentences.reduce((sum, { length }) => sum + length, template.specialTokens);
  const ids = new Int32Array(length);
  const typeIds = new Int32Array(length);
  let position = 0;
  for (const part of template.parts) {
    const partIds = "ids" in part ? part.ids : sentences[part.sentence]!;
    ids.set(partIds, position);
    typeIds.fill(part.typeId, position, position + partIds.length);
    position += partIds.length;
  }
  return { ids, typeIds, truncated };
}

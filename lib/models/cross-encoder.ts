import path from "node:path";
import { resolveModel, type ResolveOptions } from "../checkpoint/hub.js";
import { clampLabel, defaultLabelRange, requireLabelRange, type LabelRange } from "../data/pair.js";
import { throwIfAborted } from "../foundation/abort.js";
import { ioFailed, writeFileAtomically } from "../foundation/atomic-file.js";
import { StsError, invalidArgument } from "../foundation/errors.js";
import { noGrad, unscoped } from "../tensor/context.js";
import type { Generator } from "../tensor/generator.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { saveDirectory } from "../foundation/save-directory.js";
import { Tokenizer, type Encoding } from "../text/tokenizer.js";
import { encodePairs, type Pair } from "./encode-pairs.js";
import type { Parameters } from "./parameters.js";
import { SequenceModel } from "./sequence-model.js";
import { readStsConfig, stsConfigFile, type StsConfig } from "./sts-config.js";

export type LoadOptions = ResolveOptions & {
  /** The scale of the labels; the model's own when left out, 0 to 5 when it has none. */
  labelRange?: LabelRange;
  /** Tokens of a pair at most; the model's own limit when left out. */
  maxLength?: number;
  /** Of the initialisation of a head that the checkpoint lacks. */
  seed?: number;
};

export type PredictOptions = {
  /** Pairs computed at a time. */
  batchSize?: number;
  /** Whether scores outside of the label range are moved to its borders. */
  clamp?: boolean;
  signal?: AbortSignal | undefined;
};

/**
 * Scores how alike two sentences are by reading both in one input.
 * @see Devlin et al. (2019), "BERT", section 4.1, on sentence-pair regression
 * @example
 * await using model = await CrossEncoder.load("runs/sample/best");
 * const [score] = await model.predict([["오늘 날씨가 좋다.", "날씨가 참 맑네요."]]);
 */
export class CrossEncoder implements Disposable, AsyncDisposable {
  private constructor(
    readonly network: SequenceModel,
    readonly tokenizer: Tokenizer,
    readonly labelRange: LabelRange,
    /** Tokens of a pair at most, special tokens included. */
    readonly maxLength: number,
  ) {}

  /**
   * Loads a model directory or a model of the Hugging Face hub. The encoder must be complete; a
   * head that is missing is initialised and named in `initialised`.
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `HUB_FAILED`
   */
  static load(nameOrPath: string, options: LoadOptions = {}): Promise<CrossEncoder> {
    return unscoped(() => CrossEncoder.#load(nameOrPath, options));
  }

  static async #load(nameOrPath: string, options: LoadOptions): Promise<CrossEncoder> {
    if (typeof nameOrPath !== "string") {
      throw invalidArgument("model", "a directory or a hub id", nameOrPath);
    }
    const directory = await resolveModel(nameOrPath, options);
    const own = await readStsConfig(directory);
    const tokenizer = await Tokenizer.load(directory);
    const network = await SequenceModel.load(directory, options.seed ?? 0);
    try {
      requireVocabulary(directory, tokenizer.vocabularySize, network.config.vocabSize);
      const limit = Math.min(network.maxLength, tokenizer.modelMaxLength ?? Infinity);
      const maxLength = chooseMaxLength(options.maxLength, own?.maxLength, limit);
      const labelRange = requireLabelRange(
        options.labelRange ?? own?.labelRange ?? defaultLabelRange,
      );
      return new CrossEncoder(network, tokenizer, labelRange, maxLength);
    } catch (error) {
      network[Symbol.dispose]();
      throw error;
    }
  }

  /** Every trainable tensor by its name in the saved file. */
  get parameters(): Parameters {
    return this.network.parameters;
  }

  /** The names of the parameters that the checkpoint lacked; untrained until trained. */
  get initialised(): readonly string[] {
    return this.network.initialised;
  }

  /** Tokenises pairs, leaving the event loop free in between. */
  encode(pairs: readonly Pair[], signal?: AbortSignal): Promise<Encoding[]> {
    return encodePairs(this.tokenizer, pairs, this.maxLength, signal);
  }

  /**
   * The model's raw outputs, float32 [encodings.length], on the label scale and not clamped.
   * @param dropout where dropout draws from in training; null otherwise
   */
  forward(encodings: readonly Encoding[], dropout: Generator | null): Promise<Tensor> {
    return this.network.forward(encodings, dropout);
  }

  /**
   * The scores of pairs, in their order, on the label scale.
   * @throws StsError `ABORTED` when the signal fires, `DISPOSED` after `dispose`
   */
  async predict(pairs: readonly Pair[], options: PredictOptions = {}): Promise<number[]> {
    return this.predictEncoded(await this.encode(pairs, options.signal), options);
  }

  /** The same for pairs that `encode` has tokenised. */
  async predictEncoded(
    encodings: readonly Encoding[],
    { batchSize = 32, clamp = true, signal }: PredictOptions = {},
  ): Promise<number[]> {
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw invalidArgument("batchSize", "a positive integer", batchSize);
    }
    // Batches of equal lengths keep the memory that one needs small.
    const order = [...encodings.keys()].sort(
      (a, b) => encodings[b]!.ids.length - encodings[a]!.ids.length,
    );
    const scores = new Array<number>(encodings.length);
    for (let begin = 0; begin < order.length; begin += batchSize) {
      throwIfAborted(signal, "The prediction");
      const indices = order.slice(begin, begin + batchSize);
      const batch = await this.#scores(indices.map((index) => encodings[index]!));
      indices.forEach((index, i) => (scores[index] = batch[i]!));
    }
    return clamp ? scores.map((score) => clampLabel(score, this.labelRange)) : scores;
  }

  /**
   * Writes a directory that `load` and Python's `AutoModelForSequenceClassification` load. A new
   * directory appears as a whole; in one that is there each file is replaced as a whole, the
   * weights last.
   * @throws StsError `IO_FAILED`
   */
  async save(directory: string): Promise<void> {
    try {
      await saveDirectory(directory, (target) => this.#write(target));
    } catch (error) {
      throw ioFailed(directory, error);
    }
  }

  /** Frees the weights. Predictions in flight end with `DISPOSED`. */
  dispose(): void {
    this.network[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.dispose();
    return Promise.resolve();
  }

  async #write(directory: string): Promise<void> {
    const { labelRange, maxLength } = this;
    const own: StsConfig = { kind: "cross-encoder", labelRange, maxLength };
    const file = path.join(directory, stsConfigFile);
    await this.tokenizer.save(directory);
    await writeFileAtomically(file, `${JSON.stringify(own, null, 2)}\n`);
    await this.network.save(directory);
  }

  #scores(encodings: readonly Encoding[]): Promise<number[]> {
    return scope(() =>
      noGrad(async () => (await this.forward(encodings, null)).toNumbers()),
    );
  }
}

function requireVocabulary(directory: string, tokens: number, rows: number): void {
  if (tokens <= rows) return;
  throw new StsError(
    "CHECKPOINT_CORRUPT",
    `${directory}: the tokenizer has ${tokens} tokens, but config.json says vocab_size ${rows}. ` +
      "Check that the tokenizer belongs to this model.",
  );
}

function chooseMaxLength(asked: number | undefined, own: number | undefined, limit: number): number {
  if (asked === undefined) return Math.min(own ?? limit, limit);
  if (Number.isInteger(asked) && asked >= 1 && asked <= limit) return asked;
  throw invalidArgument("maxLength", `an integer from 1 to the model's limit of ${limit}`, asked);
}

import { resolveModel } from "../checkpoint/hub.js";
import { defaultLabelRange, requireLabelRange, type LabelRange } from "../data/pair.js";
import { invalidArgument } from "../foundation/errors.js";
import type { Outputs } from "../losses/loss.js";
import { cosine } from "../losses/similarity.js";
import { autocast } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Cleaner } from "../text/cleaning/cleaner.js";
import { Tokenizer, type Encoding } from "../text/tokenizer.js";
import { describeModel, longestSequence, type Backbone } from "./backbone.js";
import { cosineSimilarities } from "./cosine-similarities.js";
import type { LoadOptions } from "./cross-encoder.js";
import { encodeExamples } from "./encode-examples.js";
import { encodeSentences, type EncodeOptions } from "./encode-sentences.js";
import { loading } from "./loading.js";
import { chooseCleaner, cleaningEntry } from "./choose-cleaner.js";
import { chooseMaxLength } from "./max-length.js";
import { PairModel, type Encoded, type PredictOptions, type TextReader } from "./pair-model.js";
import type { Parameters } from "./parameters.js";
import { poolingNames, poolings, type PoolingName } from "./pooling/registry.js";
import { choosePrecision, precisionEntry } from "./precision.js";
import { readLayout, type Layout } from "./sentence-transformers/layout.js";
import { loadBackbone } from "./sentence-transformers/load-backbone.js";
import { writeLayout } from "./sentence-transformers/write-layout.js";
import { readStsConfig, requireSingleModel, writeStsConfig } from "./sts-config.js";
import type { TrainingPass } from "./training-pass.js";
import { requireVocabulary } from "./vocabulary.js";

export type SentenceEncoderOptions = LoadOptions & {
  /**
   * How the vectors of a sentence's tokens become one; the model's own when left out, the mean when
   * it has none.
   */
  pooling?: PoolingName;
};

type Settings = Pick<Layout, "lowercase" | "normalize" | "config"> & {
  labelRange: LabelRange;
  maxLength: number;
  pooling: PoolingName;
};

/**
 * Makes a vector of each sentence, so that sentences can be compared with many others at the cost
 * of reading each once. How alike two sentences are is the cosine of their vectors.
 * @see Reimers and Gurevych (2019), "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks"
 * @example
 * await using model = await SentenceEncoder.load("runs/sample/best");
 * const vectors = await model.encode(["오늘 날씨가 좋다.", "날씨가 참 맑네요."]);
 */
export class SentenceEncoder extends PairModel {
  private constructor(
    readonly backbone: Backbone,
    readonly tokenizer: Tokenizer,
    readonly cleaner: Cleaner,
    readonly settings: Settings,
  ) {
    super();
  }

  /**
   * Loads a directory or hub model that sentence-transformers saved, or an encoder without more.
   * Parameters of a pooling that the model lacks are initialised and named in `initialised`.
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `HUB_FAILED`
   */
  static load(nameOrPath: string, options: SentenceEncoderOptions = {}): Promise<SentenceEncoder> {
    return loading(options.device, () => SentenceEncoder.#load(nameOrPath, options));
  }

  static async #load(
    nameOrPath: string,
    options: SentenceEncoderOptions,
  ): Promise<SentenceEncoder> {
    requirePooling(options.pooling);
    const directory = await resolveModel(nameOrPath, options);
    const own = await readStsConfig(directory);
    requireSingleModel(directory, own);
    const layout = await readLayout(directory, options.pooling);
    const tokenizer = await Tokenizer.load(layout.encoder);
    const description = await describeModel(layout.encoder);
    requireVocabulary(layout.encoder, tokenizer.vocabularySize, description.config.vocabSize);
    const { pooling, lowercase, normalize, config } = layout;
    const settings: Settings = {
      pooling: pooling.name,
      lowercase,
      normalize,
      config,
      labelRange: requireLabelRange(options.labelRange ?? own?.labelRange ?? defaultLabelRange),
      maxLength: chooseMaxLength(
        options.maxLength,
        layout.maxLength ?? tokenizer.modelMaxLength ?? undefined,
        longestSequence(description),
      ),
    };
    const cleaner = chooseCleaner(options.cleaning, own);
    const backbone = await loadBackbone(layout, description, options.seed ?? 0);
    const loaded = new SentenceEncoder(backbone, tokenizer, cleaner, settings);
    loaded.precision = choosePrecision(options.precision, own);
    return loaded;
  }

  get device(): string {
    return this.backbone.device;
  }

  get labelRange(): LabelRange {
    return this.settings.labelRange;
  }

  get maxLength(): number {
    return this.settings.maxLength;
  }

  get parameters(): Parameters {
    return this.backbone.parameters;
  }

  get initialised(): readonly string[] {
    return this.backbone.initialised;
  }

  override get readers(): readonly TextReader[] {
    return [this];
  }

  /**
   * Tokenises examples of any number of sentences, each into a sequence of its own.
   * @throws StsError `INVALID_ARGUMENT`, `ABORTED`
   */
  tokenize(examples: readonly (readonly string[])[], signal?: AbortSignal): Promise<Encoded[]> {
    const { tokenizer, cleaner, maxLength, settings } = this;
    return encodeExamples(examples, signal, (texts, index) => {
      if (texts.length === 0) {
        throw invalidArgument(`examples[${index}]`, "an array of sentences", texts);
      }
      return texts.map((text) => {
        const cleaned = cleaner.clean(text);
        return tokenizer.encode(settings.lowercase ? cleaned.toLowerCase() : cleaned, maxLength);
      });
    });
  }

  /**
   * Computes a batch of examples that all have as many sentences.
   * @returns `embeddings`, one tensor for each place of a sentence, and as `scores` the cosines of
   *   the first two, scaled so that 0 is the least label and 1 the greatest: negative ones lie below
   *   the range. Examples of one sentence have no scores: [0]
   * @throws StsError `INVALID_ARGUMENT`, `DISPOSED`
   */
  protected compute(examples: readonly Encoded[], pass: TrainingPass | null): Promise<Outputs> {
    return scope(async () => {
      const places = [...Array(sentencesOf(examples)).keys()];
      // All first sentences, then all second ones, so that each place is a run of rows.
      const sequences = places.flatMap((place) => examples.map((example) => example[place]!));
      const vectors = await this.#pool(sequences, pass);
      const embeddings = places.map((place) =>
        ops.narrow(vectors, 0, place * examples.length, examples.length),
      );
      return { scores: this.#scores(embeddings), logits: null, embeddings };
    });
  }

  /**
   * The vectors of sentences, in their order; equal to those of sentence-transformers' `encode`.
   * @param sentences one or more; a string is one
   * @throws StsError `INVALID_ARGUMENT`, `ABORTED` when the signal fires, `DISPOSED`
   */
  encode(
    sentences: readonly string[] | string,
    options: EncodeOptions = {},
  ): Promise<Float32Array[]> {
    return encodeSentences(this, sentences, options);
  }

  /**
   * The cosines between each vector of `first` and each of `second`, as vectors of `encode`.
   * @returns a row for each of `first`, with a value from -1 to 1 for each of `second`
   * @throws StsError `INVALID_ARGUMENT` when the vectors differ in length
   */
  similarity(
    first: readonly Float32Array[],
    second: readonly Float32Array[],
  ): Promise<Float32Array[]> {
    return cosineSimilarities(first, second);
  }

  /** As of any model; an example of more than two sentences is scored by its first two. */
  override async predictEncoded(
    examples: readonly Encoded[],
    options: PredictOptions = {},
  ): Promise<number[]> {
    const lonely = examples.findIndex((example) => example.length < 2);
    if (lonely < 0) return super.predictEncoded(examples, options);
    throw invalidArgument(`pairs[${lonely}]`, "an array of two sentences", examples[lonely]);
  }

  dispose(): void {
    this.backbone[Symbol.dispose]();
  }

  protected async write(directory: string): Promise<void> {
    const { backbone, settings } = this;
    const { family, config } = backbone.description;
    const pooling = poolings[settings.pooling];
    await this.tokenizer.save(directory);
    const { labelRange } = settings;
    const cleaning = cleaningEntry(this.cleaner);
    const precision = precisionEntry(this.precision);
    const own = { kind: "sentence-encoder", labelRange, ...cleaning, ...precision } as const;
    await writeStsConfig(directory, own);
    const ofPooling = pooling
      .specs(config)
      .map(({ name }) => [name, backbone.parameters.get(name)!] as const);
    const poolingParameters = new Map(ofPooling);
    await writeLayout(directory, { ...settings, encoder: config, poolingParameters });
    // Without its flag, Python's encoder keeps the states to itself that this pooling reads.
    const changes = {
      architectures: [family.encoderArchitecture],
      output_hidden_states: pooling.reads === "all",
    };
    const isQuantised = this.precision === "int8";
    await backbone.save(directory, changes, isQuantised, backbone.encoder.parameters);
  }

  /** float32 [sequences, hiddenSize] */
  async #pool(sequences: readonly Encoding[], pass: TrainingPass | null): Promise<Tensor> {
    const { backbone, settings } = this;
    const pooling = poolings[settings.pooling];
    const batch = backbone.pack(sequences);
    const states = await backbone.states(batch, pass, pooling.reads);
    return ops.to(pooling.pool(states, batch, backbone.parameters), "float32");
  }

  #scores([first, second]: readonly Tensor[]): Tensor {
    if (!first || !second) return ops.zeros([0]);
    const { min, max } = this.labelRange;
    // Labels are compared with scores of more than 8 bits.
    const cosines = autocast(null, () => cosine(first, second));
    return ops.addScalar(ops.scale(cosines, max - min), min);
  }
}

/** How many sentences each example has. */
function sentencesOf(examples: readonly Encoded[]): number {
  const [first] = examples;
  const count = first?.length ?? 0;
  if (count === 0)
    throw invalidArgument("examples", "one example or more with sentences", examples);
  const other = examples.findIndex((example) => example.length !== count);
  if (other < 0) return count;
  const expected = `${count} sentences, as the first of the batch has`;
  throw invalidArgument(`examples[${other}]`, expected, examples[other]!.length);
}

function requirePooling(pooling: unknown): void {
  if (pooling === undefined || poolingNames.some((name) => name === pooling)) return;
  throw invalidArgument("pooling", `one of ${poolingNames.join(", ")}`, pooling);
}

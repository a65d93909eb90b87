import { resolveModel, type ResolveOptions } from "../checkpoint/hub.js";
import { ioFailed } from "../foundation/atomic-file.js";
import { describe, invalidArgument, StsError } from "../foundation/errors.js";
import { saveDirectory } from "../foundation/save-directory.js";
import { callInBackground } from "../tensor/call.js";
import { noGrad } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import type { MaskedEncoding } from "../text/masking.js";
import { Tokenizer } from "../text/tokenizer.js";
import { Backbone, describeModel, longestSequence, type Description } from "./backbone.js";
import type { EncoderConfig } from "./config.js";
import type { LanguageModelHead } from "./heads/language-model-head.js";
import { loading } from "./loading.js";
import { crossEntropy, maskedRows, targetsOf, type MaskedInput } from "./masked-predictions.js";
import { chooseMaxLength } from "./max-length.js";
import type { Parameters } from "./parameters.js";
import { readStsConfig, requireSingleModel } from "./sts-config.js";
import type { TrainingPass } from "./training-pass.js";
import { requireVocabulary } from "./vocabulary.js";

export type MaskedLanguageModelOptions = ResolveOptions & {
  /** Tokens of an input at most; the model's own limit when left out. */
  maxLength?: number;
  /** Of the initialisation of what the checkpoint lacks. */
  seed?: number;
  /** Where the weights lie and the model computes: `cpu`, which is the default, `cuda`, `cuda:1`. */
  device?: string;
  /**
   * Whether to start from random weights, as transformers draws them: `config.json` and the
   * tokenizer are all that is read.
   */
  fromScratch?: boolean;
};

/** How well hidden tokens were predicted, to be added up over batches. */
export type MaskedScore = {
  /** The cross-entropy summed over the predictions, in nats. */
  lossSum: number;
  /** Predictions whose likeliest token is the right one. */
  correct: number;
  /** Predictions made. */
  count: number;
};

/**
 * Predicts the hidden tokens of a text: the model to pre-train an encoder with.
 * @see Devlin et al. (2019), "BERT", section 3.1, "Masked LM"
 * @see Gururangan et al. (2020), "Don't Stop Pretraining", on training further in a domain
 * @example
 * await using model = await MaskedLanguageModel.load("klue/roberta-small");
 * const encoding = model.tokenizer.encode("오늘 날씨가 좋다.", model.maxLength);
 * const example = maskTokens(encoding, model.tokenizer.masking, new Random(1));
 * const loss = await model.loss([example], null);
 */
export class MaskedLanguageModel implements Disposable, AsyncDisposable {
  private constructor(
    readonly backbone: Backbone,
    readonly head: LanguageModelHead,
    readonly tokenizer: Tokenizer,
    /** Tokens of an input at most, special tokens included. */
    readonly maxLength: number,
  ) {}

  /**
   * Loads a model directory or a model of the Hugging Face hub. The encoder must be complete,
   * unless it is to be trained from scratch; a head that is missing is initialised and named in
   * `initialised`.
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `HUB_FAILED`
   */
  static load(
    nameOrPath: string,
    options: MaskedLanguageModelOptions = {},
  ): Promise<MaskedLanguageModel> {
    return loading(options.device, () => MaskedLanguageModel.#load(nameOrPath, options));
  }

  static async #load(
    nameOrPath: string,
    options: MaskedLanguageModelOptions,
  ): Promise<MaskedLanguageModel> {
    const { seed = 0, fromScratch = false } = options;
    const directory = await resolveModel(nameOrPath, options);
    requireSingleModel(directory, await readStsConfig(directory));
    const tokenizer = await Tokenizer.load(directory);
    const description = await describeModel(directory);
    const { family, config } = description;
    requireVocabulary(directory, tokenizer.vocabularySize, config.vocabSize);
    requireTiedEmbeddings(description);
    requirePaddingToken(description);
    const usual = tokenizer.modelMaxLength ?? undefined;
    const maxLength = chooseMaxLength(options.maxLength, usual, longestSequence(description));
    const head = family.languageModel.head(config);
    const request = { specs: head.specs, seed };
    const backbone = await Backbone.load(directory, description, request, fromScratch);
    return new MaskedLanguageModel(backbone, head, tokenizer, maxLength);
  }

  get config(): EncoderConfig {
    return this.backbone.config;
  }

  /** Every trainable tensor by its name in the saved file. */
  get parameters(): Parameters {
    return this.backbone.parameters;
  }

  /** The names of the parameters that the checkpoint lacked: untrained until trained. */
  get initialised(): readonly string[] {
    return this.backbone.initialised;
  }

  /**
   * Reads whole inputs, but predicts at their masked positions only.
   * @param pass what training adds; null otherwise
   * @returns logits, float32 [predictions, vocabSize], the predictions of each example in turn
   * @throws StsError `INVALID_ARGUMENT`, `DISPOSED`
   */
  forward(examples: readonly MaskedInput[], pass: TrainingPass | null): Promise<Tensor> {
    const { backbone, head } = this;
    return backbone.compute(async () => {
      const batch = backbone.pack(
        examples.map(({ ids, typeIds }) => ({ ids, typeIds, truncated: false })),
      );
      const rows = maskedRows(examples, batch.cumulativeLengths);
      const [states] = await backbone.states(batch, pass, "last");
      const vectors = ops.indexSelect(states!, 0, rows);
      return head.forward(vectors, this.#wordEmbeddings, backbone.parameters);
    });
  }

  /**
   * The mean cross-entropy of the predictions.
   * @param examples with at least one token to predict among them
   * @returns scalar, float32, at least 0; about ln(vocabSize) for a model that knows nothing
   * @throws StsError `INVALID_ARGUMENT`, `DISPOSED`
   */
  loss(examples: readonly MaskedEncoding[], pass: TrainingPass | null): Promise<Tensor> {
    return this.backbone.compute(async () => {
      const targets = targetsOf(examples);
      if (targets.length === 0) {
        throw invalidArgument("examples", "at least one token to predict", targets.length);
      }
      return crossEntropy(await this.forward(examples, pass), targets, "mean");
    });
  }

  /**
   * The loss and the accuracy of a batch, with nothing recorded for a backward pass.
   * @throws StsError `INVALID_ARGUMENT`, `DISPOSED`
   */
  score(examples: readonly MaskedEncoding[]): Promise<MaskedScore> {
    return this.backbone.compute(() =>
      noGrad(async () => {
        const targets = targetsOf(examples);
        if (targets.length === 0) return { lossSum: 0, correct: 0, count: 0 };
        const logits = await this.forward(examples, null);
        const lossSum = (await crossEntropy(logits, targets, "sum")).item();
        const likeliest = (await callInBackground("aten::argmax", logits, 1)) as Tensor;
        const hits = likeliest.toNumbers().filter((id, i) => id === targets[i]);
        return { lossSum, correct: hits.length, count: targets.length };
      }),
    );
  }

  /**
   * Writes a directory that `load` reads, that every other model here reads as an encoder, and
   * Python's AutoModelForMaskedLM whole. A new directory appears as a whole; in one that is there
   * each file is replaced as a whole, the weights last.
   * @throws StsError `IO_FAILED`
   */
  async save(directory: string): Promise<void> {
    try {
      await saveDirectory(directory, (target) => this.#write(target));
    } catch (error) {
      throw ioFailed(directory, error);
    }
  }

  /** Frees the weights. Work in flight ends with `DISPOSED`. */
  dispose(): void {
    this.backbone[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.dispose();
    return Promise.resolve();
  }

  async #write(directory: string): Promise<void> {
    const { architecture } = this.backbone.description.family.languageModel;
    await this.tokenizer.save(directory);
    await this.backbone.save(directory, { architectures: [architecture] });
  }

  get #wordEmbeddings(): Tensor {
    const { prefix } = this.backbone.description.family;
    return this.parameters.get(`${prefix}.embeddings.word_embeddings.weight`)!;
  }
}

function requireTiedEmbeddings({ source }: Description): void {
  const tied = source.values.tie_word_embeddings ?? true;
  if (tied === true) return;
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${source.file}: tie_word_embeddings ${describe(tied)} is not supported in a masked language ` +
      "model, whose predictions share the word embeddings; supported is true.",
  );
}

function requirePaddingToken({ source, config }: Description): void {
  if (config.padTokenId < config.vocabSize) return;
  throw new StsError(
    "CHECKPOINT_CORRUPT",
    `${source.file}: pad_token_id: expected a number below vocab_size ${config.vocabSize}, ` +
      `got ${config.padTokenId}.`,
  );
}

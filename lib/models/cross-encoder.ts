import { resolveModel, type ResolveOptions } from "../checkpoint/hub.js";
import { defaultLabelRange, requireLabelRange, type LabelRange } from "../data/pair.js";
import { invalidArgument } from "../foundation/errors.js";
import { scoresOf, type HeadOutput } from "../losses/head-output.js";
import type { Outputs } from "../losses/loss.js";
import { scope } from "../tensor/scope.js";
import type { Cleaner } from "../text/cleaning/cleaner.js";
import type { CleaningOptions, CleaningPreset } from "../text/cleaning/rules.js";
import { Tokenizer } from "../text/tokenizer.js";
import { describeModel, longestSequence } from "./backbone.js";
import { checkOption } from "./check-option.js";
import { encodeExamples } from "./encode-examples.js";
import { headConfigSchema, isSameHead, namedHeads, type HeadConfig } from "./heads/head-config.js";
import { loading } from "./loading.js";
import { chooseCleaner, cleaningEntry } from "./choose-cleaner.js";
import { chooseMaxLength } from "./max-length.js";
import { PairModel, type Encoded, type TextReader } from "./pair-model.js";
import type { Parameters } from "./parameters.js";
import { choosePrecision, precisionEntry, type PredictionPrecision } from "./precision.js";
import { readOutput } from "./sentence-transformers/cross-encoder.js";
import { SequenceModel } from "./sequence-model.js";
import {
  outputSchema,
  readStsConfig,
  requireSingleModel,
  writeStsConfig,
  type ConfigOf,
  type StsConfig,
} from "./sts-config.js";
import type { TrainingPass } from "./training-pass.js";
import { requireVocabulary } from "./vocabulary.js";
import type { Fresh } from "./weights.js";

export type LoadOptions = ResolveOptions & {
  /** The scale of the labels; the model's own when left out, 0 to 5 when it has none. */
  labelRange?: LabelRange;
  /** What texts are cleaned by before they are tokenised; the model's own rules when left out. */
  cleaning?: CleaningOptions | CleaningPreset;
  /** Tokens of an input at most; the model's own limit when left out. */
  maxLength?: number;
  /** Of the initialisation of a head that the checkpoint lacks. */
  seed?: number;
  /** Where the weights lie and the model computes: `cpu`, which is the default, `cuda`, `cuda:1`. */
  device?: string;
  /** Of the matrix products of predictions: `fp32`, which is the default, `bf16`, `fp16` or `int8`. */
  precision?: PredictionPrecision | undefined;
};

export type CrossEncoderOptions = LoadOptions & {
  /** What stands on the encoder; the model's own when left out, else that of its family. */
  head?: HeadConfig;
  /**
   * What the head's outputs mean; the model's own when left out, else what sentence-transformers
   * says, or the score itself.
   */
  output?: HeadOutput;
};

type Settings = Omit<ConfigOf<"cross-encoder">, "kind" | "cleaning" | "precision">;

/**
 * Scores how alike two sentences are by reading both in one input.
 * @see Devlin et al. (2019), "BERT", section 4.1, on sentence-pair regression
 * @example
 * await using model = await CrossEncoder.load("runs/sample/best");
 * const [score] = await model.predict([["오늘 날씨가 좋다.", "날씨가 참 맑네요."]]);
 */
export class CrossEncoder extends PairModel {
  private constructor(
    readonly network: SequenceModel,
    readonly tokenizer: Tokenizer,
    readonly cleaner: Cleaner,
    readonly settings: Settings,
  ) {
    super();
  }

  /**
   * Loads a model directory or a model of the Hugging Face hub. The encoder must be complete; a
   * head that is missing is initialised and named in `initialised`.
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `HUB_FAILED`
   */
  static load(nameOrPath: string, options: CrossEncoderOptions = {}): Promise<CrossEncoder> {
    return loading(options.device, () => CrossEncoder.#load(nameOrPath, options));
  }

  static async #load(nameOrPath: string, options: CrossEncoderOptions): Promise<CrossEncoder> {
    const directory = await resolveModel(nameOrPath, options);
    const own = await readStsConfig(directory);
    requireSingleModel(directory, own);
    const tokenizer = await Tokenizer.load(directory);
    const { settings, fresh } = await chooseSettings(directory, own, tokenizer, options);
    const { head, output, maxLength } = settings;
    const { seed = 0 } = options;
    const cleaner = chooseCleaner(options.cleaning, own);
    const model = { head, output, maxLength, fresh, seed };
    const network = await SequenceModel.load(directory, model);
    const loaded = new CrossEncoder(network, tokenizer, cleaner, settings);
    loaded.precision = choosePrecision(options.precision, own);
    return loaded;
  }

  get device(): string {
    return this.network.backbone.device;
  }

  get labelRange(): LabelRange {
    return this.settings.labelRange;
  }

  get maxLength(): number {
    return this.settings.maxLength;
  }

  get parameters(): Parameters {
    return this.network.parameters;
  }

  get initialised(): readonly string[] {
    return this.network.initialised;
  }

  override get readers(): readonly TextReader[] {
    return [this];
  }

  tokenize(pairs: readonly (readonly string[])[], signal?: AbortSignal): Promise<Encoded[]> {
    const { tokenizer, cleaner, maxLength } = this;
    return encodeExamples(pairs, signal, (texts, index) => {
      const [sentence1, sentence2] = texts;
      if (texts.length !== 2) {
        throw invalidArgument(`pairs[${index}]`, "an array of two sentences", texts);
      }
      const [first, second] = [cleaner.clean(sentence1!), cleaner.clean(sentence2!)];
      return [tokenizer.encodePair(first, second, maxLength)];
    });
  }

  protected compute(examples: readonly Encoded[], pass: TrainingPass | null): Promise<Outputs> {
    const { network, settings } = this;
    return scope(async () => {
      const logits = await network.forward(examples.flat(), pass);
      const scores = scoresOf(logits, settings.output, settings.labelRange);
      return { scores, logits, embeddings: [] };
    });
  }

  dispose(): void {
    this.network[Symbol.dispose]();
  }

  protected async write(directory: string): Promise<void> {
    await this.tokenizer.save(directory, this.maxLength);
    await writeStsConfig(directory, {
      kind: "cross-encoder",
      ...this.settings,
      ...cleaningEntry(this.cleaner),
      ...precisionEntry(this.precision),
    });
    await this.network.save(directory, this.precision === "int8");
  }
}

/** What was asked for over what the model says of itself over the defaults. */
async function chooseSettings(
  directory: string,
  own: StsConfig | null,
  tokenizer: Tokenizer,
  options: CrossEncoderOptions,
): Promise<{ settings: Settings; fresh: Fresh }> {
  const description = await describeModel(directory);
  requireVocabulary(directory, tokenizer.vocabularySize, description.config.vocabSize);
  const {
    head: ownHead,
    output: ownOutput,
    maxLength: ownLength,
  } = own?.kind === "cross-encoder" ? own : {};
  const head = checkOption("head", headConfigSchema, options.head ?? ownHead ?? namedHeads.family);
  const savedOutput = ownOutput ?? (await readOutput(directory, description.source));
  const output = options.output ?? savedOutput;
  const limit = Math.min(
    longestSequence(description),
    head.type === "tokens" ? (head.length ?? Infinity) : Infinity,
  );
  const usual = ownLength ?? tokenizer.modelMaxLength ?? undefined;
  const maxLength = chooseMaxLength(options.maxLength, usual, limit);
  const settings: Settings = {
    labelRange: requireLabelRange(options.labelRange ?? own?.labelRange ?? defaultLabelRange),
    maxLength,
    // A head that flattens is made for one length, whatever the inputs are cut to later.
    head: flattens(head) ? { ...head, length: head.length ?? maxLength } : head,
    output: checkOption("output", outputSchema, output),
  };
  if (ownHead !== undefined && !isSameHead(ownHead, settings.head))
    return { settings, fresh: "head" };
  // A score of 0 to 5 is no log-odds.
  return { settings, fresh: settings.output.type === savedOutput.type ? "nothing" : "output" };
}

const flattens = (head: HeadConfig): head is Extract<HeadConfig, { type: "tokens" }> =>
  head.type === "tokens" && head.readout === "flatten";

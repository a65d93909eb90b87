import { clampLabel, type LabelRange } from "../data/pair.js";
import { ioFailed } from "../foundation/atomic-file.js";
import { saveDirectory } from "../foundation/save-directory.js";
import type { Outputs } from "../losses/loss.js";
import { noGrad, onDevice } from "../tensor/context.js";
import { scope } from "../tensor/scope.js";
import type { Cleaner } from "../text/cleaning/cleaner.js";
import type { Encoding, Tokenizer } from "../text/tokenizer.js";
import type { Pair } from "../data/pair.js";
import { inBatches } from "./in-batches.js";
import type { Parameters } from "./parameters.js";
import { predicting, type PredictionPrecision } from "./precision.js";
import type { TrainingPass } from "./training-pass.js";

/** An example as a model reads it: as many token sequences as the kind of model needs. */
export type Encoded = readonly Encoding[];

/** What a text goes through before the model sees it. */
export type TextReader = { readonly cleaner: Cleaner; readonly tokenizer: Tokenizer };

export type PredictOptions = {
  /** Pairs computed at a time. */
  batchSize?: number;
  /** Whether scores outside of the label range are moved to its borders. */
  clamp?: boolean;
  signal?: AbortSignal | undefined;
};

/** A model that scores how alike two sentences are. */
export abstract class PairModel implements Disposable, AsyncDisposable {
  /** The scale of the labels and scores. */
  abstract readonly labelRange: LabelRange;

  /** Tokens of an input at most, special tokens included. */
  abstract readonly maxLength: number;

  /** Of the matrix products of predictions. Training computes as it is told itself. */
  precision: PredictionPrecision = "fp32";

  /** Every tensor of the model by its name in the saved files. */
  abstract get parameters(): Parameters;

  /** The names of the parameters that the checkpoint lacked; untrained until trained. */
  abstract get initialised(): readonly string[];

  /** The names of the parameters that the model itself keeps as they are in training. */
  get frozenParameters(): ReadonlySet<string> {
    return new Set();
  }

  /** How texts are read: one of a model's own, of an ensemble those of its members. */
  get readers(): readonly TextReader[] {
    return [];
  }

  /**
   * Tokenises examples, leaving the event loop free in between.
   * @param examples two sentences each; a sentence encoder also takes other numbers
   */
  abstract tokenize(
    examples: readonly (readonly string[])[],
    signal?: AbortSignal,
  ): Promise<Encoded[]>;

  /** Where the weights lie and the model computes. */
  abstract readonly device: string;

  /** What {@link forward} does; tensors are made on the model's device. */
  protected abstract compute(
    examples: readonly Encoded[],
    pass: TrainingPass | null,
  ): Promise<Outputs>;

  /** Frees the weights. Predictions in flight end with `DISPOSED`. */
  abstract dispose(): void;

  /** Fills an existing directory, the weights last. */
  protected abstract write(directory: string): Promise<void>;

  /**
   * Computes a batch.
   * @param pass what training adds; null otherwise
   * @throws StsError `INVALID_ARGUMENT`, `DISPOSED`
   */
  forward(examples: readonly Encoded[], pass: TrainingPass | null): Promise<Outputs> {
    return onDevice(this.device, () => this.compute(examples, pass));
  }

  /**
   * The scores of pairs, in their order, on the label scale.
   * @throws StsError `ABORTED` when the signal fires, `DISPOSED` after `dispose`
   */
  async predict(pairs: readonly Pair[], options: PredictOptions = {}): Promise<number[]> {
    return this.predictEncoded(await this.tokenize(pairs, options.signal), options);
  }

  /** The same for pairs that `tokenize` has read. */
  async predictEncoded(
    examples: readonly Encoded[],
    { batchSize = 32, clamp = true, signal }: PredictOptions = {},
  ): Promise<number[]> {
    const options = { batchSize, signal, what: "The prediction" };
    const scores = await inBatches(examples, options, (batch) => this.#scores(batch));
    return clamp ? scores.map((score) => clampLabel(score, this.labelRange)) : scores;
  }

  /**
   * Writes a directory that `load` reads. A new directory appears as a whole; in one that is there
   * each file is replaced as a whole, the weights last.
   * @throws StsError `IO_FAILED`
   */
  async save(directory: string): Promise<void> {
    try {
      await saveDirectory(directory, (target) => this.write(target));
    } catch (error) {
      throw ioFailed(directory, error);
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.dispose();
    return Promise.resolve();
  }

  #scores(examples: readonly Encoded[]): Promise<number[]> {
    const forward = () => predicting(this.precision, () => this.forward(examples, null));
    return scope(() => noGrad(async () => (await forward()).scores.toNumbers()));
  }
}

export const isTruncated = (example: Encoded): boolean =>
  example.some(({ truncated }) => truncated);

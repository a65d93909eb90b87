import type { HeadOutput } from "../losses/head-output.js";
import { outputsOf } from "../losses/head-output.js";
import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Encoding } from "../text/tokenizer.js";
import { Backbone, describeModel, longestSequence } from "./backbone.js";
import type { EncoderConfig } from "./config.js";
import { createHead } from "./heads/create-head.js";
import { namedHeads, type HeadConfig } from "./heads/head-config.js";
import type { Head } from "./heads/head.js";
import type { Parameters } from "./parameters.js";
import { outputEntry } from "./sentence-transformers/cross-encoder.js";
import type { TrainingPass } from "./training-pass.js";
import type { Fresh } from "./weights.js";

export type SequenceModelOptions = {
  head: HeadConfig;
  output: HeadOutput;
  /** What of the head is initialised whatever the checkpoint has. */
  fresh: Fresh;
  /** Tokens of a sequence at most, for a head that flattens. */
  maxLength: number;
  /** Of the initialisation of what the checkpoint lacks. */
  seed: number;
};

/**
 * An encoder and a head that gives every token sequence its logits: what transformers calls
 * `AutoModelForSequenceClassification`.
 */
export class SequenceModel implements Disposable {
  private constructor(
    readonly backbone: Backbone,
    readonly head: Head,
    readonly output: HeadOutput,
  ) {}

  /**
   * Loads `config.json` and the weights of a model directory.
   * @param options the family's head for one regression output when left out
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`
   */
  static async load(
    directory: string,
    options: Partial<SequenceModelOptions> = {},
  ): Promise<SequenceModel> {
    const description = await describeModel(directory);
    const { family, config } = description;
    const {
      head: headConfig = namedHeads.family,
      output = { type: "regression" },
      fresh = "nothing",
      maxLength = longestSequence(description),
      seed = 0,
    } = options;
    const head = createHead(headConfig, output, family, config, maxLength);
    const request = { specs: head.specs, fresh, seed };
    return new SequenceModel(await Backbone.load(directory, description, request), head, output);
  }

  get config(): EncoderConfig {
    return this.backbone.config;
  }

  /** Every trainable tensor by its name in the saved file. */
  get parameters(): Parameters {
    return this.backbone.parameters;
  }

  /** The names of the head's parameters that the checkpoint lacked. */
  get initialised(): readonly string[] {
    return this.backbone.initialised;
  }

  /** Tokens of a sequence at most. */
  get maxLength(): number {
    return longestSequence(this.backbone.description);
  }

  /** The head's logits, float32 [encodings.length, outputs]. */
  forward(encodings: readonly Encoding[], pass: TrainingPass | null): Promise<Tensor> {
    const { backbone, head } = this;
    return backbone.compute(async () => {
      const batch = backbone.pack(encodings);
      const states = await backbone.states(batch, pass, head.reads);
      const { parameters } = backbone;
      const dropout = pass?.dropout ?? null;
      const logits = await head.forward({ states, batch, parameters, dropout });
      return ops.to(logits, "float32");
    });
  }

  /** The outputs of the embeddings and of every layer, each [totalTokens, hiddenSize]. */
  hiddenStates(encodings: readonly Encoding[]): Promise<Tensor[]> {
    return this.backbone.compute(() =>
      this.backbone.states(this.backbone.pack(encodings), null, "all"),
    );
  }

  /**
   * Writes `config.json` and `model.safetensors`, each replaced as a whole.
   * @param quantised whether the encoder's weights are saved as bytes
   * @throws StsError `IO_FAILED`
   */
  save(directory: string, quantised = false): Promise<void> {
    const labels = [...Array(outputsOf(this.output)).keys()].map((i) => [`LABEL_${i}`, i] as const);
    const changes = {
      architectures: [this.backbone.description.family.architecture],
      id2label: Object.fromEntries(labels.map(([label, i]) => [i, label])),
      label2id: Object.fromEntries(labels),
      problem_type: labels.length === 1 ? "regression" : "single_label_classification",
      ...outputEntry(this.output),
    };
    return this.backbone.save(directory, changes, quantised);
  }

  [Symbol.dispose](): void {
    this.backbone[Symbol.dispose]();
  }
}

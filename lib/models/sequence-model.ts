import path from "node:path";
import { saveSafetensors } from "../checkpoint/tensors.js";
import { writeFileAtomically } from "../foundation/atomic-file.js";
import type { Generator } from "../tensor/generator.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Encoding } from "../text/tokenizer.js";
import {
  parseEncoderConfig,
  readConfig,
  type EncoderConfig,
  type HuggingFaceConfig,
} from "./config.js";
import { Encoder, encoderSpecs } from "./encoder.js";
import type { Family } from "./families/family.js";
import { findFamily } from "./families/registry.js";
import type { Head } from "./heads/head.js";
import { pack, type PackedBatch } from "./packing.js";
import type { Parameters } from "./parameters.js";
import { loadWeights } from "./weights.js";

/** The network of a model directory, as it is put together. */
type Network = {
  source: HuggingFaceConfig;
  family: Family;
  encoder: Encoder;
  head: Head;
  parameters: Parameters;
  initialised: readonly string[];
};

/**
 * An encoder and a head that gives every token sequence one score: what transformers calls
 * `AutoModelForSequenceClassification` with one label.
 */
export class SequenceModel implements Disposable {
  readonly #network: Network;

  private constructor(network: Network) {
    this.#network = network;
  }

  /**
   * Loads `config.json` and the weights of a model directory.
   * @param seed of the initialisation of a head that the checkpoint lacks
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`
   */
  static async load(directory: string, seed: number): Promise<SequenceModel> {
    const source = await readConfig(directory);
    const family = findFamily(source);
    const config = parseEncoderConfig(source, family.configDefaults);
    const head = family.head(config);
    const specs = encoderSpecs(config);
    const fullName = (name: string) => `${family.prefix}.${name}`;
    const { parameters, initialised } = await loadWeights({
      directory,
      prefix: family.prefix,
      encoder: specs.map((spec) => ({ ...spec, name: fullName(spec.name) })),
      head: head.specs,
      initializerRange: config.initializerRange,
      seed,
    });
    const own = specs.map(({ name }) => [name, parameters.get(fullName(name))!] as const);
    const encoder = new Encoder(config, new Map(own));
    return new SequenceModel({ source, family, encoder, head, parameters, initialised });
  }

  get config(): EncoderConfig {
    return this.#network.encoder.config;
  }

  /** Every trainable tensor by its name in the saved file. */
  get parameters(): Parameters {
    return this.#network.parameters;
  }

  /** The names of the head's parameters that the checkpoint lacked. */
  get initialised(): readonly string[] {
    return this.#network.initialised;
  }

  /** Tokens of a sequence at most: 512 of RoBERTa's 514 positions. */
  get maxLength(): number {
    return this.config.maxPositionEmbeddings - this.#firstPosition;
  }

  /**
   * The head's outputs, float32 [encodings.length].
   * @param dropout where dropout draws from in training; null otherwise
   */
  forward(encodings: readonly Encoding[], dropout: Generator | null): Promise<Tensor> {
    const { encoder, head, parameters } = this.#network;
    return scope(async () => {
      const batch = this.#pack(encodings);
      const hidden = await encoder.forward(batch, dropout);
      return head.forward(hidden, batch, parameters, dropout);
    });
  }

  /** The outputs of the embeddings and of every layer, each [totalTokens, hiddenSize]. */
  hiddenStates(encodings: readonly Encoding[]): Promise<Tensor[]> {
    return scope(() => this.#network.encoder.hiddenStates(this.#pack(encodings), null));
  }

  /**
   * Writes `config.json` and `model.safetensors`, each replaced as a whole.
   * @throws StsError `IO_FAILED`
   */
  async save(directory: string): Promise<void> {
    const config = JSON.stringify(this.#savedConfig(), null, 2);
    await writeFileAtomically(path.join(directory, "config.json"), `${config}\n`);
    const weights = path.join(directory, "model.safetensors");
    await saveSafetensors(weights, this.parameters, { format: "pt" });
  }

  [Symbol.dispose](): void {
    for (const tensor of this.parameters.values()) tensor.dispose();
  }

  get #firstPosition(): number {
    return this.#network.family.firstPosition(this.config);
  }

  #pack(encodings: readonly Encoding[]): PackedBatch {
    return pack(encodings, this.#firstPosition, this.config.typeVocabSize);
  }

  /** `config.json` for one regression output, with everything else as the source had it. */
  #savedConfig(): HuggingFaceConfig["values"] {
    const { source, family } = this.#network;
    const replaced = ["_name_or_path", "torch_dtype", "num_labels"];
    const kept = Object.entries(source.values).filter(([key]) => !replaced.includes(key));
    return {
      ...Object.fromEntries(kept),
      architectures: [family.architecture],
      dtype: "float32",
      id2label: { 0: "LABEL_0" },
      label2id: { LABEL_0: 0 },
      problem_type: "regression",
    };
  }
}

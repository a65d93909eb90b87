import path from "node:path";
import { saveSafetensors } from "../checkpoint/tensors.js";
import { writeFileAtomically } from "../foundation/atomic-file.js";
import { StsError } from "../foundation/errors.js";
import { currentDevice, onDevice } from "../tensor/context.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Encoding } from "../text/tokenizer.js";
import {
  parseEncoderConfig,
  readConfig,
  type EncoderConfig,
  type HuggingFaceConfig,
} from "./config.js";
import { Encoder, encoderSpecs, type StatesToRead } from "./encoder.js";
import type { Family } from "./families/family.js";
import { findFamily } from "./families/registry.js";
import { pack, type PackedBatch } from "./packing.js";
import type { Parameters, ParameterSpec } from "./parameters.js";
import { quantisationEntry, quantiseWeights } from "./quantised-weights.js";
import type { TrainingPass } from "./training-pass.js";
import { loadWeights, type Fresh } from "./weights.js";

/** What `config.json` says of a model, before its weights are read. */
export type Description = { source: HuggingFaceConfig; family: Family; config: EncoderConfig };

/** The parameters that stand on the encoder. */
export type HeadRequest = {
  specs: readonly ParameterSpec[];
  /** Which of them are initialised whatever the checkpoint has. */
  fresh?: Fresh;
  /** Of the initialisation. */
  seed: number;
  /** More parameters, which lie elsewhere and have been read. */
  read?: Parameters;
};

/** Reads `config.json`. @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL` */
export async function describeModel(directory: string): Promise<Description> {
  const source = await readConfig(directory);
  const family = findFamily(source);
  return { source, family, config: parseEncoderConfig(source, family.configDefaults) };
}

/** Tokens of a sequence at most: 512 of RoBERTa's 514 positions. */
export const longestSequence = ({ family, config }: Description): number =>
  config.maxPositionEmbeddings - family.firstPosition(config);

/** The row of an embedding that transformers keeps for the padding and starts as zeros. */
function paddingRow(name: string, { family, config }: Description): number | undefined {
  if (name === "embeddings.word_embeddings.weight") return config.padTokenId;
  const firstPosition = family.firstPosition(config);
  const isPadded = name === "embeddings.position_embeddings.weight" && firstPosition > 0;
  return isPadded ? firstPosition - 1 : undefined;
}

/** What is said of the weights and head of the source, which may not be those that are saved. */
const ofTheSource = new Set([
  "_name_or_path",
  "torch_dtype",
  "num_labels",
  "id2label",
  "label2id",
  "problem_type",
  "sentence_transformers",
  "sbert_ce_default_activation_function",
  "quantization_config",
]);

/** An encoder with its weights and with those of whatever head stands on it. */
export class Backbone implements Disposable {
  #isDisposed = false;

  /** Where the weights lie. */
  readonly device = currentDevice();

  private constructor(
    readonly description: Description,
    readonly encoder: Encoder,
    /** Every trainable tensor by its name in the saved file: the encoder's, then the head's. */
    readonly parameters: Parameters,
    /** The names of the parameters that the checkpoint lacked: the head's, or all from scratch. */
    readonly initialised: readonly string[],
  ) {}

  /**
   * Reads the weights.
   * @param fromScratch whether all are initialised, as transformers does it, instead of read
   * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`
   */
  static async load(
    directory: string,
    description: Description,
    head: HeadRequest,
    fromScratch = false,
  ): Promise<Backbone> {
    const { family, config } = description;
    const specs = encoderSpecs(config);
    const fullName = (name: string) => `${family.prefix}.${name}`;
    const { parameters, initialised } = await loadWeights({
      directory,
      prefix: family.prefix,
      encoder: specs.map((spec) => ({
        ...spec,
        name: fullName(spec.name),
        zeroRow: paddingRow(spec.name, description),
      })),
      head: head.specs,
      fresh: head.fresh ?? "nothing",
      fromScratch,
      initializerRange: config.initializerRange,
      seed: head.seed,
    });
    const all = new Map([...parameters, ...(head.read ?? [])]);
    const own = specs.map(({ name }) => [name, parameters.get(fullName(name))!] as const);
    const encoder = new Encoder(config, new Map(own));
    return new Backbone(description, encoder, all, initialised);
  }

  get config(): EncoderConfig {
    return this.description.config;
  }

  pack(encodings: readonly Encoding[]): PackedBatch {
    const { family, config } = this.description;
    return pack(encodings, family.firstPosition(config), config.typeVocabSize);
  }

  /** Runs what computes with the weights: in a scope, on their device. */
  compute<T>(body: () => Promise<T>): Promise<T> {
    return onDevice(this.device, () => scope(body));
  }

  async states(
    batch: PackedBatch,
    pass: TrainingPass | null,
    which: StatesToRead,
  ): Promise<Tensor[]> {
    const states =
      which === "all"
        ? await this.encoder.hiddenStates(batch, pass)
        : [await this.encoder.forward(batch, pass, which)];
    if (this.#isDisposed) throw new StsError("DISPOSED", "The model has been disposed.");
    return states;
  }

  /**
   * Writes `config.json` and `model.safetensors`, each replaced as a whole.
   * @param changes to what the source's `config.json` said
   * @param quantised whether the encoder's weights are saved as bytes
   * @param parameters under the names that the file gets
   * @throws StsError `IO_FAILED`
   */
  async save(
    directory: string,
    changes: HuggingFaceConfig["values"],
    quantised = false,
    parameters: Parameters = this.parameters,
  ): Promise<void> {
    const values = { ...changes, ...(quantised && quantisationEntry) };
    const config = JSON.stringify(this.#savedConfig(values), null, 2);
    await writeFileAtomically(path.join(directory, "config.json"), `${config}\n`);
    const weights = path.join(directory, "model.safetensors");
    await scope(async () => {
      const saved = quantised ? await quantiseWeights(parameters) : parameters;
      await saveSafetensors(weights, saved, { format: "pt" });
    });
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.encoder[Symbol.dispose]();
    for (const tensor of this.parameters.values()) tensor.dispose();
  }

  #savedConfig(changes: HuggingFaceConfig["values"]): HuggingFaceConfig["values"] {
    const kept = Object.entries(this.description.source.values).filter(
      ([key]) => !ofTheSource.has(key),
    );
    return { ...Object.fromEntries(kept), dtype: "float32", ...changes };
  }
}

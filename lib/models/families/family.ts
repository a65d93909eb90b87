import type { ConfigDefaults, EncoderConfig } from "../config.js";
import type { Head } from "../heads/head.js";
import type { LanguageModelHead } from "../heads/language-model-head.js";
import type { Pooling } from "../pooling/pooling.js";

/** What sets one family of encoders apart from the others. */
export type Family = {
  /** The first part of the encoder's parameter names in a checkpoint with a head. */
  prefix: string;
  /** The transformers class that loads an encoder with the head below. */
  architecture: string;
  /** The one that loads an encoder alone. */
  encoderArchitecture: string;
  configDefaults: ConfigDefaults;
  /** The position of a sequence's first token. */
  firstPosition: (config: EncoderConfig) => number;
  /** The family's own head, over the vector that `pooling` gives. */
  head: (config: EncoderConfig, pooling: Pooling, outputs: number) => Head;
  languageModel: {
    /** The transformers class that loads an encoder with the head below. */
    architecture: string;
    /** The family's masked-language-model head. */
    head: (config: EncoderConfig) => LanguageModelHead;
  };
};

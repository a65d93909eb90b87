import type { ConfigDefaults, EncoderConfig } from "../config.js";
import type { Head } from "../heads/head.js";

/** What sets one family of encoders apart from the others. */
export type Family = {
  /** The first part of the encoder's parameter names in a checkpoint with a head. */
  prefix: string;
  /** The transformers class that loads what we save. */
  architecture: string;
  configDefaults: ConfigDefaults;
  /** The position of a sequence's first token. */
  firstPosition: (config: EncoderConfig) => number;
  /** The family's own head for one regression output. */
  head: (config: EncoderConfig) => Head;
};

import type { Tokenizer } from "./tokenizer.js";

/** A tokenizer as a model uses it. */
export type ModelTokenizer = {
  /** The model as it was named. */
  model: string;
  tokenizer: Tokenizer;
  /** What the tokenizer is given of a sentence: cleaned and lowercased where the model does so. */
  read: (sentence: string) => string;
  /** Tokens at which the model cuts its inputs by itself; null where nothing names a limit. */
  maxLength: number | null;
};

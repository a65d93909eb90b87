import type { Tokenizer } from "./tokenizer.js";

/** A tokenizer as a model uses it. */
export type ModelTokenizer = {
  /** The model as it was named. */
  model: string;
  tokenizer: Tokenizer;
  /** Whether sentences are lowercased before the tokenizer sees them. */
  lowercase: boolean;
  /** Tokens at which the model cuts its inputs by itself; null where nothing names a limit. */
  maxLength: number | null;
};

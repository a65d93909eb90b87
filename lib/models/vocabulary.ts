import { StsError } from "../foundation/errors.js";

/** @throws StsError `CHECKPOINT_CORRUPT` when a tokenizer has tokens without an embedding */
export function requireVocabulary(directory: string, tokens: number, rows: number): void {
  if (tokens <= rows) return;
  throw new StsError(
    "CHECKPOINT_CORRUPT",
    `${directory}: the tokenizer has ${tokens} tokens, but config.json says vocab_size ${rows}. ` +
      "Check that the tokenizer belongs to this model.",
  );
}

import { createHash } from "node:crypto";
import type { BadRow } from "../../data/bad-rows.js";
import { readTextLines } from "../../data/text-lines.js";
import { StsError } from "../../foundation/errors.js";
import { TimeSlice } from "../../foundation/time-slice.js";
import type { Encoding, Tokenizer } from "../../text/tokenizer.js";

/** The token sequences of a text, side by side, so that a million short ones take little memory. */
export class Corpus {
  private constructor(
    private readonly ids: Int32Array,
    /** Where each sequence begins, and where the last one ends: [size + 1] */
    private readonly borders: readonly number[],
    readonly truncated: number,
    readonly skipped: readonly BadRow[],
  ) {}

  /**
   * Reads a text and tokenises its lines. Those without a token of the vocabulary are left out.
   * @throws StsError `NOT_FOUND`, `INVALID_DATA`, `ABORTED`
   */
  static async read(
    file: string,
    tokenizer: Tokenizer,
    options: { maxLength: number; onBadRow: "error" | "skip"; signal: AbortSignal | undefined },
  ): Promise<Corpus> {
    const { maxLength, onBadRow, signal } = options;
    const { isSpecial } = tokenizer.masking;
    const chunks = new IntegerList();
    const borders = [0];
    const skipped: BadRow[] = [];
    let truncated = 0;
    const slice = new TimeSlice(signal, "The tokenising");
    for await (const { text } of readTextLines(file, {
      onBadRow,
      onSkipped: (row) => skipped.push(row),
    })) {
      const { ids, truncated: wasCut } = tokenizer.encode(text, maxLength);
      if (ids.every(isSpecial)) continue;
      chunks.append(ids);
      borders.push(chunks.length);
      if (wasCut) truncated++;
      if (slice.isOver) await slice.rest();
    }
    const corpus = new Corpus(chunks.toArray(), borders, truncated, skipped);
    if (corpus.size >= 2) return corpus;
    throw new StsError(
      "INVALID_DATA",
      `${file}: pre-training needs at least 2 lines with words of the vocabulary, there is ${corpus.size}.`,
    );
  }

  get size(): number {
    return this.borders.length - 1;
  }

  /** Of all sequences, special tokens included. */
  get tokens(): number {
    return this.ids.length;
  }

  /** The sequence `index`; its ids share the corpus' memory. */
  at(index: number): Encoding {
    const ids = this.ids.subarray(this.borders[index], this.borders[index + 1]);
    return { ids, typeIds: new Int32Array(ids.length), truncated: false };
  }

  get fingerprint(): string {
    return createHash("sha256").update(this.ids).update(String(this.size)).digest("hex");
  }
}

/** Integers whose number is not known before. */
class IntegerList {
  #values = new Int32Array(1 << 16);
  length = 0;

  append(values: Int32Array): void {
    const needed = this.length + values.length;
    if (needed > this.#values.length) {
      const larger = new Int32Array(Math.max(needed, this.#values.length * 2));
      larger.set(this.#values.subarray(0, this.length));
      this.#values = larger;
    }
    this.#values.set(values, this.length);
    this.length = needed;
  }

  toArray(): Int32Array {
    return this.#values.slice(0, this.length);
  }
}

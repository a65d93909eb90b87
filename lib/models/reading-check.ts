import type { SentencePair } from "../data/pair.js";
import { TimeSlice } from "../foundation/time-slice.js";
import {
  describeTokens,
  isOneToken,
  placeholderTokens,
} from "../text/cleaning/placeholder-tokens.js";
import type { TextReader } from "./pair-model.js";

/** Texts and the 1-based line of their file at which they stand. */
export type LocatedTexts = { line: number; texts: readonly string[] };

/** The sentences of a pair and where they stand. */
export const locatedTexts = ({ sentence1, sentence2, line }: SentencePair): LocatedTexts => ({
  texts: [sentence1, sentence2],
  line,
});

/** As many places or placeholders are spelt out in a warning. */
const mostListed = 10;

/**
 * Looks for what a user ought to know of how a model reads texts: sentences of which cleaning would
 * leave nothing, and placeholders that its tokenizer takes apart.
 */
export class ReadingCheck {
  readonly #readers: readonly TextReader[];
  /** The places of sentences. */
  readonly #emptied = new Set<string>();
  readonly #placeholders = new Set<string>();

  /** @param readers of a model */
  constructor(readers: readonly TextReader[]) {
    this.#readers = readers.filter(({ cleaner }) => !cleaner.isOff);
  }

  /** @throws StsError `ABORTED` when the signal fires */
  async add(file: string, rows: Iterable<LocatedTexts>, signal?: AbortSignal): Promise<void> {
    if (this.#readers.length === 0) return;
    const slice = new TimeSlice(signal, "The reading");
    for (const { line, texts } of rows) {
      for (const text of texts) this.#look(text, `${file}:${line}`);
      if (slice.isOver) await slice.rest();
    }
  }

  /** What was found, a sentence for each kind. */
  get warnings(): string[] {
    const split = new Set(this.#readers.flatMap(({ tokenizer }) => this.#splitBy(tokenizer)));
    return [
      ...describeAll("cleaning would leave nothing of these, which stay as they are", [
        ...this.#emptied,
      ]),
      ...describeAll("placeholders that are not one token of the tokenizer", [...split]),
    ];
  }

  #look(text: string, place: string): void {
    const cleaners = this.#readers.map(({ cleaner }) => cleaner);
    if (cleaners.some((cleaner) => cleaner.explain(text).wouldBeEmpty)) this.#emptied.add(place);
    for (const cleaner of cleaners) {
      for (const placeholder of cleaner.placeholdersIn(text)) this.#placeholders.add(placeholder);
    }
  }

  #splitBy(tokenizer: TextReader["tokenizer"]): string[] {
    const made = [...this.#placeholders].map((each) => placeholderTokens(tokenizer, each));
    return made.filter((each) => !isOneToken(each)).map(describeTokens);
  }
}

/** One sentence, or none where there is nothing. */
function describeAll(what: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, mostListed).join(", ");
  const more = items.length > mostListed ? ` and ${items.length - mostListed} more` : "";
  return [`${what}: ${shown}${more}`];
}

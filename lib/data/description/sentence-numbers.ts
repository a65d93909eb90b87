/** Numbers sentences from 0, equal ones alike, so that pairs can be compared as numbers. */
export class SentenceNumbers {
  readonly sentences: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(sentence: string): number {
    const known = this.#numbers.get(sentence);
    if (known !== undefined) return known;
    this.#numbers.set(sentence, this.sentences.length);
    return this.sentences.push(sentence) - 1;
  }

  /** One number for two sentences in their order. Exact up to 94 million different sentences. */
  pair(first: number, second: number): number {
    return first * this.sentences.length + second;
  }
}

/** Counts time and pairs of training alone: evaluation and saving happen while it is stopped. */
export class Throughput {
  #seconds = 0;
  #pairs = 0;

  /** Runs one training step of `pairs` pairs and adds its time. */
  async measure<T>(pairs: number, step: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await step();
    this.#seconds += (performance.now() - begin) / 1000;
    this.#pairs += pairs;
    return result;
  }

  /** 0 before the first step. */
  get pairsPerSecond(): number {
    return this.#seconds === 0 ? 0 : this.#pairs / this.#seconds;
  }

  /** What `pairs` more would take. */
  secondsFor(pairs: number): number {
    return this.#pairs === 0 ? 0 : pairs / this.pairsPerSecond;
  }
}

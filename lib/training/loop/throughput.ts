export type ThroughputState = { seconds: number; examples: number };

/** Counts time and examples of training alone: evaluation and saving happen while it is stopped. */
export class Throughput {
  #state: ThroughputState = { seconds: 0, examples: 0 };

  /** Runs one training step of `examples` examples and adds its time. */
  async measure<T>(examples: number, step: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await step();
    this.#state = {
      seconds: this.#state.seconds + (performance.now() - begin) / 1000,
      examples: this.#state.examples + examples,
    };
    return result;
  }

  /** 0 before the first step. */
  get perSecond(): number {
    const { seconds, examples } = this.#state;
    return seconds === 0 ? 0 : examples / seconds;
  }

  /** What `examples` more would take. */
  secondsFor(examples: number): number {
    return this.perSecond === 0 ? 0 : examples / this.perSecond;
  }

  get state(): ThroughputState {
    return this.#state;
  }

  restore(state: ThroughputState): void {
    this.#state = state;
  }
}

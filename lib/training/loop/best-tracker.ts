/** An evaluation and when it was. */
export type Evaluated<Metrics> = { epoch: number; step: number; metrics: Metrics };

export type BestState<Metrics> = {
  best: Evaluated<Metrics> | null;
  worseSince: number;
};

/** Remembers the evaluation of the highest rank and counts those since that were no better. */
export class BestTracker<Metrics> {
  #state: BestState<Metrics> = { best: null, worseSince: 0 };

  /**
   * @param rank what of the metrics is to become large
   * @param patience evaluations without a better one until `isExhausted`; no limit if undefined
   */
  constructor(
    private readonly rank: (metrics: Metrics) => number,
    private readonly patience: number | undefined,
  ) {}

  /** @returns whether this evaluation is the best so far; the first always is */
  update(evaluated: Evaluated<Metrics>): boolean {
    const { best, worseSince } = this.#state;
    const isBest = best === null || this.rank(evaluated.metrics) > this.rank(best.metrics);
    this.#state = isBest
      ? { best: evaluated, worseSince: 0 }
      : { best, worseSince: worseSince + 1 };
    return isBest;
  }

  get best(): Evaluated<Metrics> | null {
    return this.#state.best;
  }

  get isExhausted(): boolean {
    return this.patience !== undefined && this.#state.worseSince >= this.patience;
  }

  get state(): BestState<Metrics> {
    return this.#state;
  }

  restore(state: BestState<Metrics>): void {
    this.#state = state;
  }
}

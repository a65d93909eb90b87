import type { SimilarityMetrics } from "../evaluation/metrics.js";

export type Evaluated = { epoch: number; step: number } & SimilarityMetrics;

/**
 * Remembers the evaluation with the highest Pearson correlation and counts those since that were
 * no better. An evaluation without a correlation, because the scores were constant, is the worst.
 */
export class BestTracker {
  #best: Evaluated | undefined;
  #worseSince = 0;

  /** @param patience evaluations without a better one until `isExhausted`; no limit if undefined */
  constructor(readonly patience: number | undefined) {}

  /** @returns whether this evaluation is the best so far; the first always is */
  update(evaluated: Evaluated): boolean {
    const isBest = this.#best === undefined || rank(evaluated) > rank(this.#best);
    if (isBest) this.#best = evaluated;
    this.#worseSince = isBest ? 0 : this.#worseSince + 1;
    return isBest;
  }

  get best(): Evaluated | undefined {
    return this.#best;
  }

  get isExhausted(): boolean {
    return this.patience !== undefined && this.#worseSince >= this.patience;
  }
}

const rank = ({ pearson }: Evaluated): number => pearson ?? -Infinity;

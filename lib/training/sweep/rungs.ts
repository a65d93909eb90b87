import { StsError } from "../../foundation/errors.js";

/** Trials that are trained equally long. */
export type Rung = {
  /** From 1. */
  rung: number;
  trials: number;
  /** null where each trial's own settings say it. */
  epochs: number | null;
};

/**
 * The rungs of successive halving: of each the best 1 / factor, rounded up, go on with factor times
 * the epochs. There are as many as leave less than `factor` trials in the last one, if the epochs
 * suffice. As scikit-learn's `HalvingRandomSearchCV` without aggressive elimination.
 * @param epochs that no rung exceeds
 * @param minEpochs of the first rung; left out, as many as let the last rung take `epochs`
 * @see Jamieson and Talwalkar (2016), "Non-stochastic Best Arm Identification and Hyperparameter
 *   Optimization"
 * @throws StsError `INVALID_ARGUMENT` where there would be a single rung
 */
export function rungsOf(
  candidates: number,
  factor: number,
  epochs: number,
  minEpochs?: number,
): Rung[] {
  const required = 1 + wholeLog(candidates, factor);
  const first = minEpochs ?? Math.max(1, Math.floor(epochs / factor ** (required - 1)));
  const possible = epochs < first ? 0 : 1 + wholeLog(Math.floor(epochs / first), factor);
  requireTwo(required, possible, { candidates, factor, epochs, first });
  const rungs: Rung[] = [];
  for (let rung = 1, trials = candidates; rung <= Math.min(required, possible); rung++) {
    rungs.push({ rung, trials, epochs: first * factor ** (rung - 1) });
    trials = goingOn(trials, factor);
  }
  return rungs;
}

/** How many trials of a rung go on to the next. */
export const goingOn = (trials: number, factor: number): number => Math.ceil(trials / factor);

/** The logarithm rounded down, exactly. */
function wholeLog(value: number, base: number): number {
  let power = 0;
  for (let product = base; product <= value; product *= base) power++;
  return power;
}

function requireTwo(
  required: number,
  possible: number,
  { candidates, factor, epochs, first }: Record<string, number>,
): void {
  if (required < 2) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `candidates: halving by a factor of ${factor} needs at least ${factor}, got ${candidates}.`,
    );
  }
  if (possible < 2) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `epochs: halving from ${first} by a factor of ${factor} needs at least ${first! * factor!} ` +
        `epochs for its last rung, got ${epochs}.`,
    );
  }
}

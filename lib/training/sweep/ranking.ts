import type { TrialResult } from "./summary.js";

/** Of the evaluation on dev that chose its weights; null where it is not defined or the trial failed. */
export const pearsonOf = ({ best }: TrialResult): number | null => best?.pearson ?? null;

/**
 * Trials from the best to the worst: those with a Pearson on dev come before those without, and those
 * before the failed ones; then later rungs before earlier ones, the higher Pearson before the lower,
 * and of equals the one with the lower number.
 */
export const ranked = (results: readonly TrialResult[]): TrialResult[] =>
  [...results].sort(
    (a, b) =>
      standing(a) - standing(b) ||
      b.rung - a.rung ||
      (pearsonOf(b) ?? 0) - (pearsonOf(a) ?? 0) ||
      a.trial - b.trial,
  );

function standing(result: TrialResult): number {
  if (result.status === "failed") return 2;
  return pearsonOf(result) === null ? 1 : 0;
}

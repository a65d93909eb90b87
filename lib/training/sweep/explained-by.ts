import { ranks } from "../../evaluation/metrics.js";

/** A field's value in a trial, and the Pearson that the trial came to. */
export type Observation = { value: unknown; pearson: number };

/**
 * How much of the differences between trials one field explains by itself: eta squared of the
 * Kruskal-Wallis test, (H - k + 1) / (n - k), for n trials in k groups. It is of the ranks, so that a
 * trial that went astray weighs no more than another, and what groups of that size explain by chance
 * is taken off. Trials with the same value make a group.
 * @param isRange whether the values are drawn from a range, whose lowest, middle and highest third
 *   make the groups instead
 * @returns from 0 (nothing, or no more than chance) to 1; null where groups or trials are too few
 * @see Kruskal and Wallis (1952), "Use of Ranks in One-Criterion Variance Analysis"
 * @see Tomczak and Tomczak (2014), "The Need to Report Effect Size Estimates Revisited"
 */
export function explainedBy(observations: readonly Observation[], isRange: boolean): number | null {
  const n = observations.length;
  const groups = isRange ? thirds(observations) : observations.map(({ value }) => text(value));
  const k = new Set(groups).size;
  if (k < 2 || n <= k) return null;
  const h = kruskalWallis(ranks(observations.map(({ pearson }) => pearson)), groups);
  return h === null ? null : Math.min(1, Math.max(0, (h - k + 1) / (n - k)));
}

const text = (value: unknown): string => JSON.stringify(value);

function thirds(observations: readonly Observation[]): string[] {
  const ranked = ranks(observations.map(({ value }) => Number(value)));
  return [...ranked].map((rank) => String(Math.floor(((rank - 0.5) * 3) / ranked.length)));
}

/** H, corrected for ties; null where all ranks are equal. */
function kruskalWallis(ranked: Float64Array, groups: readonly string[]): number | null {
  const n = ranked.length;
  const middle = (n + 1) / 2;
  const total = ranked.reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  if (total === 0) return null;
  const between = [...new Set(groups)].reduce((sum, group) => {
    const own = ranked.filter((_, i) => groups[i] === group);
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    return sum + own.length * (mean - middle) ** 2;
  }, 0);
  return ((n - 1) * between) / total;
}

import type { DataRow } from "./data-file.js";
import type { Sources } from "./description.js";

/** As many sources are listed. */
const mostSources = 50;

/** Counts pairs by their source, where rows without one are one. */
export function describeSources(pairs: readonly DataRow[]): Sources {
  const totals = new Map<string | null, { n: number; labelled: number; sum: number }>();
  for (const { pair } of pairs) {
    const source = pair.source ?? null;
    const total = totals.get(source) ?? { n: 0, labelled: 0, sum: 0 };
    totals.set(source, total);
    total.n++;
    if (pair.label === null) continue;
    total.labelled++;
    total.sum += pair.label;
  }
  const sources = [...totals].sort(([, a], [, b]) => b.n - a.n).slice(0, mostSources);
  return {
    distinct: totals.size,
    listed: sources.map(([source, { n, labelled, sum }]) => ({
      ...{ source, n, labelled },
      labelMean: labelled === 0 ? null : sum / labelled,
    })),
  };
}

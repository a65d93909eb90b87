/**
 * The line that `--json` puts last.
 * @param job its name, its settings, and `best`, which says whether "higher" or "lower" figures are
 *   better
 * @param ours the figure that is compared
 * @param peers the same of each peer, by name
 * @param reference the peer that `ratio` is against; the best one when left out
 * @param utilisation ours, or null where it is not measured
 * @param figures everything that was measured, by contestant
 */
export function toResult(job, ours, peers, { reference, utilisation = null, figures }) {
  const ratios = Object.fromEntries(
    Object.entries(peers).map(([name, value]) => [name, ours / value]),
  );
  const values = Object.values(ratios);
  const ofBest = job.best === "higher" ? Math.min(...values) : Math.max(...values);
  const ratio = values.length === 0 ? null : reference ? (ratios[reference] ?? null) : ofBest;
  const { name, unit, precision, layers, batchSize, rounds } = job;
  return {
    ...{ job: name, precision, layers, ours, peers, ratio, utilisation },
    ...{ ratios, unit, batchSize, runs: rounds, figures },
  };
}

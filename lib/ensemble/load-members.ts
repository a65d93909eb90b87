import type { BadRow } from "../data/bad-rows.js";
import { loadPairs, type ReadOptions } from "../data/read-pairs.js";
import { loadPredictions } from "../data/read-predictions.js";
import { type Matching, matchRows, type ScoredRows } from "./match.js";

export type MatchOptions = {
  /** Default: "id". */
  match?: Matching | undefined;
};

/**
 * Reads prediction files of the same pairs.
 * @returns ids in the order of the first file, and the scores of every file in that order
 * @throws StsError `INVALID_DATA` for bad rows, and for files that do not have the same ids;
 *   `NOT_FOUND`
 */
export async function loadMembers(
  files: readonly string[],
  { match }: MatchOptions = {},
): Promise<{ ids: readonly string[]; members: Float64Array[] }> {
  const rows = await loadAll(files);
  return { ids: rows[0]?.ids ?? [], members: matchRows(rows, match) };
}

/**
 * Reads prediction files of the pairs of a labelled data file.
 * @param data what was predicted; its labels are required
 * @returns labels in the order of the data file, and the scores of every file in that order;
 *   `skipped` are rows of the data file, empty unless `onBadRow` is "skip"
 * @throws StsError as {@link loadMembers}
 */
export async function loadLabelledMembers(
  data: string,
  files: readonly string[],
  { match, ...options }: MatchOptions & Omit<ReadOptions, "labels"> = {},
): Promise<{ labels: Float64Array; members: Float64Array[]; skipped: BadRow[] }> {
  const { pairs, skipped } = await loadPairs(data, { ...options, labels: "required" });
  const labelled: ScoredRows = {
    path: data,
    ids: pairs.map(({ id }) => id),
    lines: pairs.map(({ line }) => line),
    scores: pairs.map(({ label }) => label!),
  };
  const [labels, ...members] = matchRows([labelled, ...(await loadAll(files))], match);
  return { labels: labels!, members, skipped };
}

async function loadAll(files: readonly string[]): Promise<ScoredRows[]> {
  const loaded: ScoredRows[] = [];
  for (const path of files) {
    const rows = await loadPredictions(path);
    loaded.push({
      path,
      ids: rows.map(({ id }) => id),
      lines: rows.map(({ line }) => line),
      scores: rows.map(({ target }) => target),
    });
  }
  return loaded;
}

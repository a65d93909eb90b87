import type { LabelRange } from "../data/pair.js";
import { writePredictions } from "../data/predictions.js";
import { loadMembers } from "../ensemble/load-members.js";
import type { Matching } from "../ensemble/match.js";
import { count, counted } from "./format.js";
import type { Output } from "./output.js";
import { requireOther } from "./require-other.js";

/** The files to combine, read, and where the result goes. */
export type Combining = {
  output: string;
  files: readonly string[];
  ids: readonly string[];
  members: Float64Array[];
};

/**
 * Reads the files to combine, where there is an output, and warns of targets that are not on the label scale.
 * @param others files that are read beside them
 * @throws StsError `INVALID_ARGUMENT` where the output is one of the files that are read
 */
export async function readCombining(
  output: Output,
  files: readonly string[],
  others: readonly string[],
  settings: { output?: string | undefined; match: Matching; labelRange: LabelRange },
): Promise<Combining | undefined> {
  const { output: target } = settings;
  if (target === undefined) return undefined;
  await requireOther("--output", target, [...files, ...others]);
  const { ids, members } = await loadMembers(files, settings);
  const { min, max } = settings.labelRange;
  for (const [i, member] of members.entries()) {
    const outside = member.filter((score) => score < min || score > max).length;
    if (outside === 0) continue;
    output.warn(
      `${files[i]!}: ${count(outside)} of ${counted(member.length, "target")} outside ` +
        `${min} to ${max}; --label-range says otherwise where labels do.`,
    );
  }
  return { output: target, files, ids, members };
}

/** @param what how the scores came about */
export async function writeCombined(
  output: Output,
  combining: Combining,
  scores: ArrayLike<number>,
  what: string,
): Promise<void> {
  const rows = combining.ids.map((id, i) => ({ id, target: scores[i]! }));
  await writePredictions(combining.output, rows);
  output.print(`${counted(rows.length, "prediction")} written to ${combining.output} (${what})`);
}

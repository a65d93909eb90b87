import { histogramOf } from "../../data/description/statistics.js";
import { histogram } from "../charts/histogram.js";
import { seriesCount } from "../charts/palette.js";
import { compact, count } from "../format.js";
import { section, type Section } from "../page.js";
import { paragraph } from "../parts.js";
import type { Run } from "./run.js";

/** How the predictions of runs are distributed; null where none has any. */
export async function predictionsSection(runs: readonly Run[]): Promise<Section | null> {
  const all = runs.flatMap(({ name, predictions, settings }) =>
    predictions === null ? [] : [{ name, predictions, settings }],
  );
  if (all.length === 0) return null;
  const drawn = all.slice(0, seriesCount);
  const range = rangeOf(drawn);
  const counted = drawn.map(({ predictions }) => histogramOf(predictions, range));
  return section(
    "Predictions",
    await histogram({
      title: "Predictions on dev",
      description:
        "The part of each run's predictions in each bin; of a cross-validation, out of fold.",
      x: "prediction",
      y: "% of the predictions",
      edges: counted[0]!.edges,
      series: drawn.map(({ name, predictions }, i) => ({
        name,
        values: counted[i]!.counts.map((each) => (100 * each) / predictions.length),
      })),
      format: (value) => compact(value, 3),
    }),
    all.length > drawn.length
      ? paragraph(`Those of the first ${drawn.length} of ${count(all.length)} runs are drawn.`)
      : null,
  );
}

/** On which labels lie, or else the predictions. */
function rangeOf(runs: readonly { predictions: readonly number[]; settings: Run["settings"] }[]) {
  const { settings } = runs[0]!;
  const { "labelRange.min": min, "labelRange.max": max } = settings;
  if (typeof min === "number" && typeof max === "number") return { min, max };
  const all = Float64Array.from(runs.flatMap(({ predictions }) => predictions)).sort();
  const [least, greatest] = [all[0]!, all.at(-1)!];
  return { min: least, max: greatest > least ? greatest : least + 1 };
}

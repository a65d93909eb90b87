import { compact } from "../format.js";
import { html, type Markup } from "../markup.js";
import { color, light, scaleColor } from "./palette.js";
import type { AxisValue } from "./parallel-axis.js";

export type ParallelLine = {
  name: string;
  /** One for each axis; null where it has none, which leaves a gap. */
  values: readonly AxisValue[];
  /** What the line came to; null where it came to nothing, as a trial that failed. */
  metric: number | null;
};

/** By what lines are ranked. */
export type Metric = { name: string; better: "higher" | "lower" };

/** A line as it is drawn. */
export type RankedLine = {
  /** On all axes, the metric's too. */
  values: AxisValue[];
  stroke: string;
  width: number;
  type: number[] | "solid";
};

/** Lines with their colours, the best last, above the others. */
export function byRank(lines: readonly ParallelLine[], metric: Metric): RankedLine[] {
  const ranked = sorted(lines, metric);
  const failed = ranked.filter((line) => line.metric === null).length;
  const last = ranked.length - 1;
  return ranked.map((line, i) => ({
    values: [...line.values, line.metric],
    stroke:
      i < failed ? color("faint") : scaleColor(last > failed ? (i - failed) / (last - failed) : 1),
    width: i === last && i >= failed ? 3.5 : 1.8,
    type: i < failed ? [3, 4] : "solid",
  }));
}

/** What the colours of the lines mean, and which line is the best. */
export function scaleLegend(lines: readonly ParallelLine[], metric: Metric): Markup {
  const ranked = sorted(lines, metric).filter((line) => line.metric !== null);
  const [worst, best] = [ranked[0], ranked.at(-1)];
  if (!worst || !best) return html`<p class="muted">No line has a ${metric.name}.</p>`;
  const steps = light.scale.map((_, i) => html`<i style="background: var(--scale-${i})"></i>`);
  return html`<p class="scale">
    ${metric.name}, by rank: worst ${compact(worst.metric!)} <span>${steps}</span> best
    ${compact(best.metric!)}, ${best.name}
  </p>`;
}

/** From the worst to the best; those without a metric come first. */
function sorted(lines: readonly ParallelLine[], { better }: Metric): ParallelLine[] {
  const sign = better === "higher" ? 1 : -1;
  const worth = ({ metric }: ParallelLine) => (metric === null ? -Infinity : sign * metric);
  return [...lines].sort((a, b) => worth(a) - worth(b) || 0);
}

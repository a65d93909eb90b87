import type { LineSeriesOption, ScatterSeriesOption } from "echarts";
import { compact } from "../format.js";
import { html, type Markup } from "../markup.js";
import { fontSize, labelStyle, oneLine } from "./axes.js";
import { chart, type ChartText } from "./chart.js";
import { fit } from "./fit.js";
import { color, light, scaleColor } from "./palette.js";
import { type AxisValue, type ParallelAxis, type PlacedAxis, placeAxis } from "./parallel-axis.js";
import { below, beside, type Layout } from "./parallel-layout.js";

export type ParallelLine = {
  name: string;
  /** One for each axis; null where it has none, which leaves a gap. */
  values: readonly AxisValue[];
  /** What the line came to; null where it came to nothing, as a trial that failed. */
  metric: number | null;
};

export type ParallelCoordinates = ChartText & {
  axes: readonly ParallelAxis[];
  lines: readonly ParallelLine[];
  /** Becomes the last axis and the colour of the lines. */
  metric: { name: string; better: "higher" | "lower" };
};

/** More axes than these do not fit beside each other, and lie below each other instead. */
const mostBeside = 8;

/**
 * Settings and what they led to: a line for each run, through its value on every axis. Where the
 * place is narrow the axes lie below each other.
 */
export function parallelCoordinates(options: ParallelCoordinates): Promise<Markup> {
  const { metric } = options;
  const axes = placeAll(options);
  const lines = byRank(options);
  const stacked = 30 + 76 * axes.length;
  const isWide = axes.length <= mostBeside;
  const parts = { ...options, height: isWide ? 380 : stacked, narrowHeight: stacked };
  return chart({ ...parts, legend: scaleLegend(options.lines, metric) }, (size) => {
    const layout = isWide && !size.isNarrow ? beside(axes, size) : below(axes, size);
    return {
      ...layout.frame,
      series: [
        ...lines.map((line) => draw(line, axes, layout)),
        ...axes.map((axis, i) => axisLine(axis, i, layout)),
        axisNames(axes, layout),
      ],
    };
  });
}

function placeAll({ axes, lines, metric }: ParallelCoordinates): PlacedAxis[] {
  const settings = axes.map((axis, i) =>
    placeAxis(
      axis,
      lines.map(({ values }) => values[i] ?? null),
    ),
  );
  const results = lines.map((line) => line.metric);
  return [...settings, placeAxis({ name: metric.name, type: "linear" }, results)];
}

/** Lines with their colours, the best last, above the others. */
function byRank({ lines, metric }: ParallelCoordinates) {
  const sign = metric.better === "higher" ? 1 : -1;
  const worth = (line: ParallelLine) => (line.metric === null ? -Infinity : sign * line.metric);
  const sorted = [...lines].sort((a, b) => worth(a) - worth(b) || 0);
  const failed = sorted.filter((line) => line.metric === null).length;
  const last = sorted.length - 1;
  return sorted.map((line, i) => ({
    values: [...line.values, line.metric],
    stroke:
      i < failed ? color("faint") : scaleColor(last > failed ? (i - failed) / (last - failed) : 1),
    width: i === last ? 3.5 : 1.8,
    type: i < failed ? [3, 4] : ("solid" as const),
  }));
}

type RankedLine = ReturnType<typeof byRank>[number];

function draw(
  { values, stroke, width, type }: RankedLine,
  axes: readonly PlacedAxis[],
  to: Layout,
): LineSeriesOption {
  const points = values.map((value, i) => {
    const at = axes[i]!.place(value);
    return at === null ? [NaN, NaN] : to.point(i, at);
  });
  return {
    type: "line",
    silent: true,
    data: points,
    clip: false,
    symbol: "circle",
    symbolSize: 4,
    itemStyle: { color: stroke },
    lineStyle: { color: stroke, width, type, opacity: 0.85 },
  };
}

const halo = { textBorderColor: color("surface"), textBorderWidth: 4 };

function axisLine({ ticks }: PlacedAxis, index: number, layout: Layout): LineSeriesOption {
  const { point, tick, tickRoom, apart } = layout;
  return {
    type: "line",
    silent: true,
    clip: false,
    z: 3,
    symbol: "none",
    lineStyle: { color: color("axis"), width: 1.5 },
    data: [point(index, 0), point(index, 1)],
    markPoint: {
      silent: true,
      symbol: "rect",
      symbolSize: [9, 2],
      itemStyle: { color: color("axis") },
      data: ticks(apart).map(({ at, text }) => ({
        name: "",
        coord: point(index, at),
        label: {
          show: true,
          ...labelStyle,
          ...halo,
          ...tick(at),
          formatter: () => fit(oneLine(text), tickRoom(index), fontSize),
        },
      })),
    },
  };
}

function axisNames(
  axes: readonly PlacedAxis[],
  { point, name, nameAt }: Layout,
): ScatterSeriesOption {
  return {
    type: "scatter",
    silent: true,
    clip: false,
    z: 4,
    symbolSize: 0.1,
    itemStyle: { color: "transparent" },
    data: axes.map((axis, i) => ({
      value: point(i, nameAt),
      label: {
        show: true,
        ...labelStyle,
        ...halo,
        color: color("text"),
        fontWeight: "bold",
        ...name,
        formatter: () => oneLine(axis.name),
      },
    })),
  };
}

/** What the colours of the lines mean. */
function scaleLegend(
  lines: readonly ParallelLine[],
  { name, better }: ParallelCoordinates["metric"],
): Markup {
  const results = lines.flatMap(({ metric }) => metric ?? []);
  if (results.length === 0) return html`<p class="muted">No line has a ${name}.</p>`;
  const [low, high] = [Math.min(...results), Math.max(...results)];
  const [worst, best] = better === "higher" ? [low, high] : [high, low];
  const steps = light.scale.map((_, i) => html`<i style="background: var(--scale-${i})"></i>`);
  return html`<p class="scale">
    ${name}, by rank: worst ${compact(worst)} <span>${steps}</span> best ${compact(best)}
  </p>`;
}

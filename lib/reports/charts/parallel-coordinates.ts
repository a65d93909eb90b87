import type { LineSeriesOption, ScatterSeriesOption } from "echarts";
import type { Markup } from "../markup.js";
import { fontSize, labelStyle, oneLine } from "./axes.js";
import { chart, type ChartText } from "./chart.js";
import { fit } from "./fit.js";
import { color } from "./palette.js";
import { type ParallelAxis, type PlacedAxis, placeAxis } from "./parallel-axis.js";
import { below, beside, type Layout } from "./parallel-layout.js";
import {
  byRank,
  type Metric,
  type ParallelLine,
  type RankedLine,
  scaleLegend,
} from "./parallel-lines.js";

export type ParallelCoordinates = ChartText & {
  axes: readonly ParallelAxis[];
  lines: readonly ParallelLine[];
  /** Becomes the last axis and the colour of the lines. */
  metric: Metric;
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
  const lines = byRank(options.lines, metric);
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

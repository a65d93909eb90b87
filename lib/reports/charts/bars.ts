import type { BarSeriesOption, EChartsOption } from "echarts";
import { compact } from "../format.js";
import type { Markup } from "../markup.js";
import { details } from "../parts.js";
import { table } from "../table.js";
import {
  areWhole,
  categoryAxis,
  fontSize,
  grid,
  labelStyle,
  oneLine,
  xAxis,
  xName,
  yAxis,
} from "./axes.js";
import { chart, type ChartText, type Size } from "./chart.js";
import { legend } from "./legend.js";
import { color, seriesColor } from "./palette.js";

export type BarSeries = {
  name: string;
  /** One for each category; null leaves its place empty. */
  values: readonly (number | null)[];
};

export type Bars = ChartText & {
  /** What the categories are. */
  x: string;
  /** What the bars measure. */
  y: string;
  categories: readonly string[];
  series: readonly BarSeries[];
  /** How a value is written. */
  format?: (value: number) => string;
};

/**
 * Bars from 0, beside each other for several series, with the numbers as a table below. They lie
 * where the categories are words, which need room.
 */
export function bars(options: Bars): Promise<Markup> {
  const { x, y, categories, series, format = compact } = options;
  const rows = categories.map((category, i) => [
    category,
    ...series.map(({ values }) => shown(values[i], format)),
  ]);
  const columns = [{ name: x }, ...series.map(({ name }) => ({ name, numeric: true }))];
  const below = details("The numbers", table({ caption: `${options.title}: ${y}`, columns, rows }));
  const parts = { ...options, below, legend: legendOf(series) };
  if (categories.every((category) => category.length <= longestUpright)) {
    return chart(parts, (size) => upright(options, size));
  }
  const height = 60 + categories.length * (14 + 18 * series.length);
  return chart({ ...parts, height }, (size) => lying(options, size));
}

/** Letters of a category that stand under an upright bar without being cut. */
const longestUpright = 5;

/** Of each series; null where there is one only. */
export const legendOf = (series: readonly { name: string }[]): Markup | null =>
  series.length === 1
    ? null
    : legend(series.map(({ name }, i) => ({ name, stroke: { color: seriesColor(i), dash: [] } })));

const shown = (value: number | null | undefined, format: (value: number) => string) =>
  value === null || value === undefined ? null : format(value);

/** Above more bars their values have no room. */
const mostLabelled = { wide: 14, narrow: 7 };

function upright({ x, y, categories, series, format = compact }: Bars, size: Size): EChartsOption {
  const most = size.isNarrow ? mostLabelled.narrow : mostLabelled.wide;
  const isLabelled = categories.length * series.length <= most;
  const room = (size.width - 70) / categories.length - 6;
  return {
    grid,
    xAxis: { ...categoryAxis(categories, room), ...xName(x) },
    yAxis: yAxis({ name: y, withZero: true, whole: areWhole(series) }),
    series: series.map((each, i) => draw(each, i, format, isLabelled ? "top" : undefined)),
  };
}

function lying({ y, categories, series, format = compact }: Bars, size: Size): EChartsOption {
  const axis = xAxis({ name: y, withZero: true, whole: areWhole(series) });
  const room = size.isNarrow ? 120 : 230;
  return {
    grid: { left: room + 10, top: 8, right: 56, bottom: 52, outerBoundsMode: "none" },
    xAxis: { ...axis, splitLine: { lineStyle: { color: color("grid") } } },
    yAxis: { ...categoryAxis(categories, room), inverse: true },
    series: series.map((each, i) => draw(each, i, format, "right")),
  };
}

function draw(
  { name, values }: BarSeries,
  index: number,
  format: (value: number) => string,
  label: "top" | "right" | undefined,
): BarSeriesOption {
  return {
    type: "bar",
    name: oneLine(name),
    silent: true,
    barMaxWidth: 64,
    barGap: "8%",
    barCategoryGap: "28%",
    itemStyle: { color: seriesColor(index), borderRadius: 2 },
    data: values.map((value) => value ?? "-"),
    label: {
      show: label !== undefined,
      position: label ?? "top",
      ...labelStyle,
      color: color("text"),
      fontSize: fontSize - 1,
      formatter: ({ value }) => (typeof value === "number" ? format(value) : ""),
    },
  };
}

import { compact } from "../format.js";
import { type Markup, visible } from "../markup.js";
import { details } from "../parts.js";
import { table } from "../table.js";
import { categoryAxis, fontSize, grid, labelStyle, xName, yAxis } from "./axes.js";
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

/** Above more bars their values have no room. */
const mostLabelled = { wide: 14, narrow: 7 };

/** Bars from 0, beside each other for several series, with the numbers as a table below. */
export function bars(options: Bars): Promise<Markup> {
  const { x, y, categories, series, format = compact } = options;
  const rows = categories.map((category, i) => [
    category,
    ...series.map(({ values }) => shown(values[i], format)),
  ]);
  const columns = [{ name: x }, ...series.map(({ name }) => ({ name, numeric: true }))];
  const below = details("The numbers", table({ caption: `${options.title}: ${y}`, columns, rows }));
  return chart({ ...options, below, legend: legendOf(series) }, (size) => draw(options, size));
}

/** Of each series; null where there is one only. */
export const legendOf = (series: readonly { name: string }[]): Markup | null =>
  series.length === 1
    ? null
    : legend(series.map(({ name }, i) => ({ name, stroke: { color: seriesColor(i), dash: [] } })));

const shown = (value: number | null | undefined, format: (value: number) => string) =>
  value === null || value === undefined ? null : format(value);

function draw({ x, y, categories, series, format = compact }: Bars, size: Size) {
  const most = size.isNarrow ? mostLabelled.narrow : mostLabelled.wide;
  const isLabelled = categories.length * series.length <= most;
  const room = (size.width - 70) / categories.length - 6;
  return {
    grid,
    xAxis: { ...categoryAxis(categories, room), ...xName(x) },
    yAxis: { ...yAxis({ name: y, format }), scale: false },
    series: series.map(({ name, values }, i) => ({
      type: "bar" as const,
      name: visible(name),
      silent: true,
      barMaxWidth: 64,
      barGap: "8%",
      barCategoryGap: "28%",
      itemStyle: { color: seriesColor(i), borderRadius: [2, 2, 0, 0] },
      data: values.map((value) => value ?? "-"),
      label: {
        show: isLabelled,
        position: "top" as const,
        ...labelStyle,
        color: color("text"),
        fontSize: fontSize - 1,
        formatter: ({ value }: { value: unknown }) =>
          typeof value === "number" ? format(value) : "",
      },
    })),
  };
}

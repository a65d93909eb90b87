import type { CustomSeriesOption, CustomSeriesRenderItemAPI } from "echarts";
import { compact } from "../format.js";
import type { Markup } from "../markup.js";
import { details } from "../parts.js";
import { table } from "../table.js";
import { areWhole, grid, oneLine, xAxis, yAxis } from "./axes.js";
import { legendOf } from "./bars.js";
import { chart, type ChartText } from "./chart.js";
import { seriesColor } from "./palette.js";

export type Histogram = ChartText & {
  x: string;
  y: string;
  /** [bins + 1], ascending. */
  edges: readonly number[];
  /** Values of each bin, [bins]: counts, or shares where series of different sizes are compared. */
  series: readonly { name: string; values: readonly number[] }[];
  format?: (value: number) => string;
};

/** Bars over the bins of a number, with the numbers as a table below. */
export function histogram(options: Histogram): Promise<Markup> {
  const { x, y, edges, series, format = compact } = options;
  const rows = edges
    .slice(1)
    .map((end, i) => [
      `${compact(edges[i]!)} to ${compact(end)}`,
      ...series.map(({ values }) => format(values[i]!)),
    ]);
  const columns = [{ name: x }, ...series.map(({ name }) => ({ name, numeric: true }))];
  const below = details("The numbers", table({ caption: `${options.title}: ${y}`, columns, rows }));
  return chart({ ...options, below, legend: legendOf(series) }, () => ({
    grid,
    xAxis: xAxis({ name: x, min: edges[0], max: edges.at(-1) }),
    yAxis: yAxis({ name: y, min: 0, whole: areWhole(series) }),
    series: series.map(({ name, values }, i) => ({
      type: "custom" as const,
      name: oneLine(name),
      silent: true,
      clip: false,
      itemStyle: { color: seriesColor(i) },
      encode: { x: [0, 1], y: 2 },
      data: values.map((value, bin) => [edges[bin]!, edges[bin + 1]!, value]),
      renderItem: bin(i, series.length),
    })),
  }));
}

/** A bin's bar; several series share its width. */
const bin =
  (index: number, of: number): NonNullable<CustomSeriesOption["renderItem"]> =>
  (_, api: CustomSeriesRenderItemAPI) => {
    const [left, top] = api.coord([api.value(0), api.value(2)]) as [number, number];
    const [right, bottom] = api.coord([api.value(1), 0]) as [number, number];
    const width = (right - left - 1) / of;
    const shape = { x: left + 0.5 + index * width, y: top, width, height: bottom - top };
    return { type: "rect", shape, style: { fill: seriesColor(index) } };
  };

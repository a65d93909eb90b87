import { type Content, type Markup } from "../markup.js";
import { type Axis, grid, oneLine, xAxis, yAxis } from "./axes.js";
import { legendOf } from "./bars.js";
import { chart, type ChartText } from "./chart.js";
import { color, seriesColor } from "./palette.js";
import type { Point } from "./thin.js";

export type Scatter = ChartText & {
  x: Axis;
  y: Axis;
  series: readonly { name: string; points: readonly Point[] }[];
  /** Draws where y equals x, from and to. */
  diagonal?: readonly [from: number, to: number];
  below?: Content;
};

/** More points than these would hide each other and fill the page. */
const mostPoints = 3000;

/**
 * Points in the plane, such as predictions against labels. Of more than 3,000 points every so
 * manieth is drawn.
 */
export function scatter(options: Scatter): Promise<Markup> {
  const { series, diagonal } = options;
  const total = series.reduce((sum, { points }) => sum + points.length, 0);
  const every = Math.max(1, Math.ceil(total / mostPoints));
  const [opacity, symbolSize] = total > 300 ? [0.45, 6] : [0.85, total > 50 ? 7 : 11];
  return chart({ ...options, height: 380, legend: legendOf(series) }, () => ({
    grid,
    xAxis: xAxis(options.x),
    yAxis: yAxis(options.y),
    series: [
      ...(diagonal ? [line(diagonal)] : []),
      ...series.map(({ name, points }, i) => ({
        type: "scatter" as const,
        name: oneLine(name),
        silent: true,
        clip: false,
        symbolSize,
        itemStyle: { color: seriesColor(i), opacity },
        data: points.filter((_, at) => at % every === 0),
      })),
    ],
  }));
}

const line = ([from, to]: readonly [number, number]) => ({
  type: "line" as const,
  silent: true,
  clip: false,
  showSymbol: false,
  data: [
    [from, from],
    [to, to],
  ],
  lineStyle: { color: color("axis"), width: 1.5, type: [6, 4] },
});

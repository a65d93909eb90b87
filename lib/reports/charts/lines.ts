import type { LineSeriesOption } from "echarts";
import { type Content, type Markup } from "../markup.js";
import { type Axis, grid, oneLine, xAxis, yAxis } from "./axes.js";
import { chart, type ChartText, type Size } from "./chart.js";
import { legend, type LegendEntry, type Stroke } from "./legend.js";
import { color, seriesColor, seriesCount } from "./palette.js";
import { type Curve, smooth, thin } from "./thin.js";

export type Line = {
  /** Lines of one name, such as the folds of a cross-validation, look alike. */
  name: string;
  curve: Curve;
};

export type Lines = ChartText & {
  x: Axis;
  y: Axis;
  lines: readonly Line[];
  /** Draws the trend of each line, and the line itself faintly behind it. */
  trend?: boolean;
  /** Marks each point, where points are few. */
  marks?: boolean;
  below?: Content;
};

const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 4]];

/** As many names can be told apart; those after them are drawn alike, behind the others. */
export const mostNames = seriesCount * dashes.length;

/**
 * Curves over one axis, such as the losses of several runs. Long ones are thinned without losing
 * their spikes.
 */
export function lines(options: Lines): Promise<Markup> {
  const names = [...new Set(options.lines.map(({ name }) => name))];
  const entries: LegendEntry[] = names
    .slice(0, mostNames)
    .map((name, i) => ({ name, stroke: strokeOf(i) }));
  const others = names.length - entries.length;
  if (others > 0) entries.push({ name: `${others} others`, stroke: strokeOf(mostNames) });
  return chart({ ...options, height: 320, legend: legend(entries) }, (size) => ({
    grid,
    xAxis: xAxis(options.x),
    yAxis: yAxis(options.y),
    // The first names lie above the others.
    series: options.lines
      .map((line) => ({ line, at: names.indexOf(line.name) }))
      .sort((a, b) => b.at - a.at)
      .flatMap(({ line, at }) => draw(line, strokeOf(at), options, size)),
  }));
}

const strokeOf = (index: number): Stroke =>
  index < mostNames
    ? { color: seriesColor(index), dash: dashes[Math.floor(index / seriesCount)]! }
    : { color: color("faint"), dash: [] };

/** A trend looks back over this part of its curve, and over ten points at least. */
const trendSpan = 1 / 50;
const leastSpan = 10;

function draw({ name, curve }: Line, stroke: Stroke, options: Lines, size: Size) {
  const thinned = (y: ArrayLike<number>) => thin({ x: curve.x, y }, size.width);
  const line = (y: ArrayLike<number>, width: number, opacity: number): LineSeriesOption => ({
    type: "line",
    name: oneLine(name),
    silent: true,
    data: thinned(y),
    showSymbol: options.marks ?? false,
    symbol: "circle",
    symbolSize: 7,
    lineStyle: { color: stroke.color, width, opacity, type: [...stroke.dash] },
    itemStyle: { color: stroke.color },
  });
  if (options.trend !== true) return [line(curve.y, 2, 1)];
  return [
    { ...line(curve.y, 1, 0.22), z: 1 },
    { ...line(smooth(curve.y, Math.max(leastSpan, curve.y.length * trendSpan)), 2.2, 1), z: 2 },
  ];
}

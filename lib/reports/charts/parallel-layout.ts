import type { EChartsOption, ScatterSeriesOption } from "echarts";
import type { Size } from "./chart.js";
import type { PlacedAxis } from "./parallel-axis.js";

type Label = NonNullable<ScatterSeriesOption["label"]>;

/** How axes are put on the drawing area. */
export type Layout = {
  frame: EChartsOption;
  /** The place on axis `index` that is `at` of its length away from its start. */
  point: (index: number, at: number) => [number, number];
  /** How the label of a tick is put at its place on the axis. */
  tick: (at: number) => Label;
  /** How wide the texts of an axis' ticks may be, in pixels. */
  tickRoom: (index: number) => number;
  /** How far from each other numbers must be, of an axis' length. */
  apart: number;
  name: Label;
  /** Where an axis' name is, on the axis' own scale. */
  nameAt: number;
};

const hidden = (min: number, max: number) => ({ type: "value" as const, show: false, min, max });

/** Axes that stand beside each other. */
export function beside(axes: readonly PlacedAxis[], { width }: Size): Layout {
  const gap = (width - 110) / (axes.length - 1);
  return {
    frame: {
      grid: { left: 24, right: 86, top: 54, bottom: 18, outerBoundsMode: "none" },
      xAxis: hidden(0, axes.length - 1),
      yAxis: hidden(0, 1),
    },
    point: (index, at) => [index, at],
    tick: () => ({ position: "right", distance: 5 }),
    tickRoom: (index) => (index === axes.length - 1 ? 80 : gap - 14),
    apart: 0.07,
    name: { position: "top", distance: 12, width: gap - 10, overflow: "break", lineHeight: 16 },
    nameAt: 1,
  };
}

/** Axes that lie below each other. */
export function below(axes: readonly PlacedAxis[], { width }: Size): Layout {
  const apart = 0.24;
  return {
    frame: {
      grid: { left: 20, right: 20, top: 34, bottom: 40, outerBoundsMode: "none" },
      xAxis: hidden(0, 1),
      yAxis: hidden(1 - axes.length, 0),
    },
    point: (index, at) => [at, -index],
    tick: (at) => ({
      position: "bottom",
      distance: 4,
      align: at < 0.1 ? "left" : at > 0.9 ? "right" : "center",
    }),
    tickRoom: (index) => {
      const gaps = Math.max(1, axes[index]!.ticks(apart).length - 1);
      // The last label lies wholly before its tick, the one before it by half.
      return Math.min(140, (width - 40) / gaps / 1.5);
    },
    apart,
    name: { position: [-16, -24], align: "left", width: width - 40, overflow: "truncate" },
    nameAt: 0,
  };
}

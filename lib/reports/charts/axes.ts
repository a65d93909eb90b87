import type { XAXisComponentOption, YAXisComponentOption } from "echarts";
import { compact } from "../format.js";
import { visible } from "../markup.js";
import { fit } from "./fit.js";
import { color } from "./palette.js";

export type Axis = {
  name: string;
  min?: number | undefined;
  max?: number | undefined;
  /** Whether there are no values between whole numbers, as of counts. */
  whole?: boolean;
  /** Whether 0 is on the axis, as of bars, whose lengths would mislead without it. */
  withZero?: boolean;
  /** On a log axis equal distances are equal factors; all values must be above 0. */
  type?: "value" | "log";
};

export const fontSize = 13;

/** A text as a chart shows it: in one line. */
export const oneLine = (text: string): string => visible(text).replace(/\s+/g, " ");

export const labelStyle = { color: color("muted"), fontSize, fontFamily: "inherit" } as const;

const lines = {
  axisLine: { show: true, lineStyle: { color: color("axis") } },
  axisTick: { lineStyle: { color: color("axis") } },
  splitLine: { lineStyle: { color: color("grid") } },
};

const numeric = ({ min, max, type = "value", withZero, whole }: Axis) => ({
  type,
  // Room for the number above the highest bar.
  ...(withZero === true ? { boundaryGap: [0, 0.1] as [number, number] } : { scale: true }),
  ...(whole === true && { minInterval: 1 }),
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  axisLabel: { ...labelStyle, hideOverlap: true, formatter: (value: number) => compact(value) },
});

/** Whether all values of series are whole numbers, as far as they are known. */
export const areWhole = (series: readonly { values: readonly (number | null)[] }[]): boolean =>
  series.every(({ values }) => values.every((value) => value === null || value % 1 === 0));

/** The name of the axis stands below its middle. */
export const xAxis = (axis: Axis): XAXisComponentOption => ({
  ...lines,
  ...numeric(axis),
  splitLine: { show: false },
  ...xName(axis.name),
});

/** The name of the axis stands above it, so that it is read without turning the head. */
export const yAxis = (axis: Axis): YAXisComponentOption => ({
  ...lines,
  ...numeric(axis),
  axisLine: { show: false },
  axisTick: { show: false },
  ...yName(axis.name),
});

/** @param room how wide a label may be, in pixels; longer ones are cut with an ellipsis */
export const categoryAxis = (categories: readonly string[], room: number) => ({
  type: "category" as const,
  data: categories.map(oneLine),
  ...lines,
  splitLine: { show: false },
  axisTick: { show: false },
  axisLabel: {
    ...labelStyle,
    interval: 0,
    formatter: (text: string) => fit(text, room, fontSize),
  },
});

export const xName = (name: string) => ({
  name: oneLine(name),
  nameLocation: "middle" as const,
  nameGap: 30,
  nameTextStyle: labelStyle,
});

const yName = (name: string) => ({
  name: oneLine(name),
  nameLocation: "end" as const,
  nameGap: 14,
  nameTextStyle: { ...labelStyle, align: "left" as const },
});

/**
 * Room around the axes: above for the name of the y axis, below for that of the x axis. Labels keep
 * away from the edges, for a reader's font may be wider than echarts reckons.
 */
export const grid = {
  ...{ left: 14, right: 18, top: 34, bottom: 34 },
  outerBounds: { left: 14, right: 14, top: 0, bottom: 0 },
};

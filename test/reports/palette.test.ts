import { dark, light, type Palette } from "../../lib/reports/charts/palette.js";

type Rgb = [number, number, number];

/** sRGB without its gamma, from 0 to 1. */
const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;

const times = (matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb =>
  matrix.map(([x, y, z]) => x * r + y * g + z * b) as Rgb;

/** @see WCAG 2.2, "relative luminance" */
const luminance = (hex: string): number => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0];

const contrast = (a: string, b: string): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** @see Ottosson (2020), "A perceptual color space for image processing" */
const toOklab = (rgb: Rgb): Rgb => {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb.map((value) => Math.max(0, value)) as Rgb,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones.map(Math.cbrt) as Rgb,
  );
};

/** How colours are seen without one kind of cones. @see Machado, Oliveira and Fernandes (2009) */
const sights: Readonly<Record<string, readonly Rgb[]>> = {
  "all cones": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const modes: readonly [string, Palette][] = [
  ["light", light],
  ["dark", dark],
];

describe.each(modes)("in %s mode", (_, palette) => {
  it("texts and marks stand out from what is behind them", () => {
    for (const behind of [palette.surface, palette.page]) {
      for (const text of [palette.text, palette.muted, palette.link]) {
        expect(contrast(text, behind)).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const mark of [...palette.series, palette.axis]) {
      expect(contrast(mark, palette.surface)).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(Object.entries(sights))("no two series are mistaken with %s", (_, sight) => {
    const seen = palette.series.map((color) => toOklab(times(sight, linear(color))));
    const distances = seen.flatMap((a, i) =>
      seen.slice(i + 1).map((b) => Math.hypot(...a.map((value, k) => value - b[k]!))),
    );
    expect(Math.min(...distances)).toBeGreaterThan(0.12);
  });

  it("the scale goes on in lightness, so that it is read without colours", () => {
    const contrasts = palette.scale.map((color) => contrast(color, palette.surface));
    expect(contrasts).toEqual([...contrasts].sort((a, b) => a - b));
    expect(contrasts.at(-1)! / contrasts[0]!).toBeGreaterThan(3);
  });
});

it("both modes have the same colours by name", () => {
  expect(Object.keys(dark)).toEqual(Object.keys(light));
  expect(dark.series).toHaveLength(light.series.length);
  expect(dark.scale).toHaveLength(light.scale.length);
});

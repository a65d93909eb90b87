/** The colours of pages, by the names of their CSS variables. */
export type Palette = {
  page: string;
  surface: string;
  text: string;
  muted: string;
  line: string;
  link: string;
  warning: string;
  /** The lines behind a chart's data, and those that bound it. */
  grid: string;
  axis: string;
  /** What stands behind what matters. */
  faint: string;
  series: readonly string[];
  /** From the worst to the best. */
  scale: readonly string[];
};

/**
 * The series' colours stay apart also for readers who do not see red, green or blue: at least 12
 * hundredths of the OKLab space under the simulation of Machado et al. (2009); each stands out from
 * the surface by 3 : 1 at least. Those of the scale differ in lightness.
 */
export const light: Palette = {
  ...{ page: "#f4f6f9", surface: "#ffffff", text: "#1c222b", muted: "#566070" },
  ...{ line: "#dde2ea", link: "#0b5fb0", warning: "#b45309" },
  ...{ grid: "#e8ebf0", axis: "#8892a2", faint: "#b6bdc9" },
  series: ["#1d96f7", "#792702", "#15745c", "#e654aa", "#7e2db1", "#ad8d49", "#1b3664"],
  scale: [
    "#d3a933",
    "#a3ab2c",
    "#6aa747",
    "#379d6b",
    "#158f84",
    "#137b92",
    "#225f93",
    "#344287",
    "#3a1f6e",
  ],
};

export const dark: Palette = {
  ...{ page: "#12151a", surface: "#1b1f26", text: "#e8ebf0", muted: "#a3adbb" },
  ...{ line: "#333a45", link: "#7cb8f5", warning: "#f0b45a" },
  ...{ grid: "#2a303a", axis: "#6c7686", faint: "#56606f" },
  series: ["#a7c0fc", "#e3934a", "#0cfdd5", "#d83660", "#a56bf5", "#f2e607", "#238aa3"],
  scale: [
    "#7a5aa8",
    "#6b6fb5",
    "#5484bb",
    "#4498ba",
    "#43acb0",
    "#5cbf9c",
    "#8bcf80",
    "#c1db63",
    "#fbe555",
  ],
};

/** The palette as CSS: `--text: #1c222b; …`, `--series-0: …`. */
export const declarations = (palette: Palette): string =>
  Object.entries(palette)
    .flatMap(([name, value]) =>
      typeof value === "string"
        ? [`--${name}: ${value};`]
        : value.map((each, i) => `--${name}-${i}: ${each};`),
    )
    .join(" ");

/** A colour of the palette, as a chart or a style names it. */
export const color = (name: Exclude<keyof Palette, "series" | "scale">): string => `var(--${name})`;

export const seriesCount = light.series.length;

/** @param index from 0; the colours repeat */
export const seriesColor = (index: number): string => `var(--series-${index % seriesCount})`;

/** @param share where on the scale, from 0, the worst, to 1 */
export const scaleColor = (share: number): string =>
  `var(--scale-${Math.round(share * (light.scale.length - 1))})`;

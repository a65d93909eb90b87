import stringWidth from "string-width";
import type { SimilarityMetrics } from "../evaluation/metrics.js";

export { count, counted } from "../reports/format.js";

/** A correlation or an error to four digits. */
export const digits = (value: number | null): string =>
  value === null ? "not defined" : value.toFixed(4);

/** `1:02:03`, `2:03`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = pad(whole % 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** `812 B`, `1.4 MB`. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]!}`;
}

/** `24 %`, `0.3 %`. */
export const percent = (part: number): string =>
  `${(100 * part).toFixed(part > 0 && part < 0.1 ? 1 : 0)} %`;

/** Counts as bars, the highest as high as a line; what is not zero can be seen. */
export function sparkline(counts: readonly number[]): string {
  const bars = "▁▂▃▄▅▆▇█";
  const most = Math.max(...counts);
  const bar = (value: number) =>
    value === 0 ? " " : bars[Math.ceil((value / most) * bars.length) - 1]!;
  return counts.map(bar).join("");
}

/** The spaces that fill a text up to a width, in columns of a terminal: Hangul takes two. */
const padding = (text: string, width: number): string =>
  " ".repeat(Math.max(0, width - stringWidth(text)));

/** As many code units are looked at for each column: characters that take none may come before. */
const unitsOfColumn = 64;

/** A text on one line and at most so wide, in columns of a terminal. */
export function cut(text: string, width: number): string {
  // Segmenting takes a time that grows with the square of a text's length.
  const start = text.slice(0, width * unitsOfColumn);
  // Terminals act on control characters, and on those that turn the direction of writing.
  const line = start.replace(/\s+/g, " ").replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
  if (start === text && stringWidth(line) <= width) return line;
  let [kept, taken] = ["", 0];
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    taken += stringWidth(segment);
    if (taken >= width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Two columns, the second aligned. */
export function table(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => stringWidth(name)));
  return rows
    .map(([name, value]) => `${name}${padding(name, width)}  ${value}`.trimEnd())
    .join("\n");
}

/** Columns, the first to the left, the others to the right. */
export function grid(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => stringWidth(row[i] ?? ""))));
  const lines = rows.map((row) =>
    row.map((cell, i) => {
      const space = padding(cell, widths[i]!);
      return i === 0 ? cell + space : space + cell;
    }),
  );
  return lines.map((cells) => cells.join("  ").trimEnd()).join("\n");
}

/** `Pearson 0.8123, Spearman 0.8011`. */
export const correlations = ({
  pearson,
  spearman,
}: Pick<SimilarityMetrics, "pearson" | "spearman">): string =>
  `Pearson ${digits(pearson)}, Spearman ${digits(spearman)}`;

/** A word as a shell reads it. */
export const shellWord = (word: string): string =>
  /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

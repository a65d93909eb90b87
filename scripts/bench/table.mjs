/** Columns, the first to the left, the others to the right. */
export function toTable(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))),
  );
  return lines.map((cells) => cells.join("  ").trimEnd()).join("\n");
}

/** A cell; empty for what a contestant does not have. */
const cell = (format) => (value) =>
  value === undefined || value === null || !Number.isFinite(value) ? "" : format(value);

export const rate = cell((value) => value.toFixed(1));
export const times = cell((value) => `${value.toFixed(2)}x`);
export const percent = cell((value) => `${(100 * value).toFixed(0)} %`);
export const megabytes = cell((value) => `${(value / 1e6).toFixed(0)} MB`);
export const milliseconds = cell((value) => `${value.toFixed(1)} ms`);
export const seconds = cell((value) => `${value.toFixed(2)} s`);
export const microseconds = cell((value) => `${value.toFixed(2)} µs`);

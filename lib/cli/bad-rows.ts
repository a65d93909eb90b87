import type { BadRow } from "../data/bad-rows.js";
import { counted } from "./format.js";
import type { Output } from "./output.js";

/** Lists the rows of a file that were left out. */
export function reportSkipped(output: Output, file: string, rows: readonly BadRow[]): void {
  if (rows.length === 0) return;
  const lines = rows.map(({ path, line, reason }) => `  ${path}:${line}: ${reason}`);
  output.warn(`${file}: ${counted(rows.length, "row")} left out:\n${lines.join("\n")}`);
}

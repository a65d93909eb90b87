import { readFileSync } from "node:fs";
import path from "node:path";
import { resultOf } from "../support.js";

/** A sweep's `trials.csv` without the times, as rows of cells; no value has a comma in these tests. */
export function rowsOf(output: string): string[][] {
  const lines = readFileSync(path.join(output, "trials.csv"), "utf8").trim().split("\n");
  const seconds = lines[0]!.split(",").indexOf("seconds");
  return lines.map((line) => line.split(",").filter((_, i) => i !== seconds));
}

/** All that a trial leaves but how long it took and where it lies. */
export function trialOf(output: string, name: string): Record<string, unknown> {
  const result = resultOf(path.join(output, name));
  delete result["trial.json"];
  return result;
}

import { quoted } from "../../data/predictions.js";
import { pearsonOf } from "./ranking.js";
import { shownValue } from "./plan.js";
import type { TrialResult } from "./summary.js";

/**
 * Trials as CSV, a row for each: what was searched, then what it came to. What is not defined is
 * empty.
 * @param fields the paths of the settings that are searched
 */
export function trialsCsv(fields: readonly string[], results: readonly TrialResult[]): string {
  // Every trial has its epochs, searched or not.
  const searched = fields.filter((field) => field !== "epochs");
  const header = [
    ...["trial", "rung", "epochs", ...searched],
    ...["devPearson", "devSpearman", "testPearson", "seconds", "status", "error"],
  ];
  const rows = results.map((result) => [
    ...[result.trial, result.rung, result.epochs],
    ...searched.map((field) => shownValue(result.settings[field])),
    ...[pearsonOf(result), result.best?.spearman ?? null, result.test?.pearson ?? null],
    ...[result.seconds.toFixed(1), result.status, result.error?.message ?? null],
  ]);
  return [header, ...rows]
    .map((row) => `${row.map((cell) => quoted(String(cell ?? ""))).join(",")}\n`)
    .join("");
}

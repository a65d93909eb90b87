import { existsSync } from "node:fs";
import path from "node:path";
import { describeCandidate, shownValue } from "../training/sweep/plan.js";
import { ranked } from "../training/sweep/ranking.js";
import type { SweepSummary, TrialResult } from "../training/sweep/summary.js";
import {
  correlations,
  counted,
  cut,
  digits,
  duration,
  grid,
  percent,
  shellWord,
  table,
} from "./format.js";

/** The rest is in `trials.csv`. */
const mostShown = 20;
const widest = 40;

/** The best trials, how much each field explains, and how to go on. */
export function describeSweep(summary: SweepSummary): string {
  const { trials, fields, best, output } = summary;
  const failed = trials.filter(({ status }) => status === "failed");
  return [
    describeTrials(summary),
    "",
    table([
      ...failed.map(({ trial, error }) => [`trial ${trial} failed`, error!.message] as const),
      ...fields.map(
        ({ field, explained }) =>
          [
            field,
            `explains ${explained === null ? "an unknown part" : percent(explained)} by itself`,
          ] as const,
      ),
      ...(best ? bestRows(best) : []),
      [
        "sweep",
        `${output}: config.yaml, plan.json, trials.csv, summary.json, report.html, trial-…`,
      ],
    ]),
  ].join("\n");
}

function describeTrials({ trials, fields, method }: SweepSummary): string {
  const hasTest = trials.some(({ test }) => test !== null);
  const searched = fields.map(({ field }) => field).filter((field) => field !== "epochs");
  const isHalving = method === "halving";
  const shown = ranked(trials).slice(0, mostShown);
  const more = trials.length - shown.length;
  return [
    grid([
      [
        "trial",
        ...(isHalving ? ["rung"] : []),
        ...["Pearson", "Spearman", ...(hasTest ? ["test"] : []), "epochs", "time", ...searched],
      ],
      ...shown.map((result) => [
        String(result.trial),
        ...(isHalving ? [String(result.rung)] : []),
        ...figuresOf(result),
        ...(hasTest ? [result.test ? digits(result.test.pearson) : "-"] : []),
        ...[String(result.epochs), duration(result.seconds)],
        ...searched.map((field) => cut(shownValue(result.settings[field]), widest)),
      ]),
    ]),
    ...(more > 0 ? [`and ${counted(more, "other trial")}, in trials.csv`] : []),
  ].join("\n");
}

const figuresOf = ({ best, status }: TrialResult): string[] =>
  best ? [digits(best.pearson), digits(best.spearman)] : [status, "-"];

function bestRows({ trial, best, settings, output }: TrialResult) {
  const model = path.join(output, "best");
  const config = shellWord(path.join(output, "config.yaml"));
  const how = best ? `, epoch ${best.epoch}: ${correlations(best)} on dev` : "";
  return [
    ["best", `trial ${trial}${how}`],
    ["settings", describeCandidate(settings)],
    ["model", existsSync(model) ? model : "its weights were not kept"],
    ["again", `sts-native train --config ${config} --output OTHER`],
  ] as const;
}

import { shownValue } from "../training/sweep/plan.js";
import { pearsonOf, ranked } from "../training/sweep/ranking.js";
import type { FieldSummary, SweepSummary, TrialResult } from "../training/sweep/summary.js";
import type { AxisValue, ParallelAxis } from "./charts/parallel-axis.js";
import { parallelCoordinates } from "./charts/parallel-coordinates.js";
import { count, counted, digits, percent } from "./format.js";
import type { Content, Markup } from "./markup.js";
import { page, section, type Section } from "./page.js";
import { figures, list, paragraph, warning } from "./parts.js";
import { table } from "./table.js";

/** A page of a sweep, also of one that has not come to its end. */
export async function sweepPage(summary: SweepSummary): Promise<string> {
  const { trials, planned, best, output } = summary;
  const failed = trials.filter(({ status }) => status === "failed");
  return page({
    title: `Sweep ${output}`,
    lead: `${count(trials.length)} of ${counted(planned, "trial")}, compared by Pearson on dev.`,
    sections: [
      section("Result", ...resultOf(best), ...failed.map(describeFailure)),
      ...(trials.length > 0 ? await trialSections(summary) : []),
    ],
  });
}

function resultOf(best: TrialResult | null): Content[] {
  if (!best) return [paragraph("No trial has come to a Pearson on dev.")];
  return [
    figures([
      { name: "Pearson on dev", value: digits(best.best!.pearson), note: `trial ${best.trial}` },
      { name: "Spearman on dev", value: digits(best.best!.spearman) },
      ...(best.test ? [{ name: "Pearson on test", value: digits(best.test.pearson) }] : []),
      { name: "Epoch", value: `${best.best!.epoch} of ${best.epochs}` },
    ]),
    list(Object.entries(best.settings).map(([key, value]) => `${key}: ${shownValue(value)}`)),
    paragraph(
      "The best of many trials is partly the luckiest: its Pearson on dev is higher than what is to be " +
        "expected of new pairs.",
    ),
  ];
}

const describeFailure = ({ trial, error }: TrialResult): Markup =>
  warning(`Trial ${trial} failed: ${error!.message}`);

async function trialSections(summary: SweepSummary): Promise<Section[]> {
  return [
    section("Settings and results", ...(await charts(summary))),
    section("What matters", importance(summary.fields)),
    section("Trials", trialTable(summary)),
  ];
}

/** Trials that were trained equally long are compared with each other: a chart for each rung. */
function charts({ trials, fields, method }: SweepSummary): Promise<Markup[]> {
  const rungs = [...new Set(trials.map(({ rung }) => rung))];
  return Promise.all(
    rungs.map((rung) => {
      const own = trials.filter((trial) => trial.rung === rung);
      const which =
        method === "halving" ? `Rung ${rung}, ${counted(own[0]!.epochs, "epoch")}` : "Trials";
      return parallelCoordinates({
        title: `${which}: settings and Pearson on dev`,
        description: "A line for each trial, through its settings to what it came to.",
        axes: fields.map(axisOf),
        lines: own.map((trial) => ({
          name: `trial ${trial.trial}`,
          values: fields.map((field) => valueOf(trial, field)),
          metric: pearsonOf(trial),
        })),
        metric: { name: "Pearson", better: "higher" },
      });
    }),
  );
}

/** Of listed values that are no numbers, the axis names each. */
const axisOf = ({ field, scale }: FieldSummary): ParallelAxis => ({
  name: field,
  type: scale === "log" ? "log" : "linear",
});

const valueOf = ({ settings }: TrialResult, { field }: FieldSummary): AxisValue => {
  const value = settings[field];
  return typeof value === "number" ? value : shownValue(value);
};

const importance = (fields: readonly FieldSummary[]): Content => [
  table({
    caption: "How much of the order of the trials a setting explains by itself",
    columns: [{ name: "setting" }, { name: "explained", numeric: true }],
    rows: fields.map(({ field, explained }) => [
      field,
      explained === null ? null : percent(explained, 1),
    ]),
  }),
  paragraph(
    "Eta squared of the Kruskal-Wallis test between trials with equal values, or with values in the " +
      "lowest, middle and highest third of a range, less what chance explains. It says nothing of settings " +
      "that matter only together, and little with few trials.",
  ),
];

function trialTable({ trials, fields, method }: SweepSummary): Markup {
  const searched = fields.filter(({ field }) => field !== "epochs");
  const hasTest = trials.some(({ test }) => test !== null);
  const isHalving = method === "halving";
  const number = (name: string) => ({ name, numeric: true });
  return table({
    caption: "Trials, the best first",
    columns: [
      { name: "trial" },
      ...(isHalving ? [number("rung")] : []),
      ...[number("Pearson"), number("Spearman"), ...(hasTest ? [number("test")] : [])],
      ...[number("epochs"), number("seconds")],
      ...searched.map(({ field }) => ({ name: field })),
    ],
    rows: ranked(trials).map((trial) => [
      String(trial.trial),
      ...(isHalving ? [trial.rung] : []),
      ...[
        trial.best ? digits(trial.best.pearson) : trial.status,
        digits(trial.best?.spearman ?? null),
      ],
      ...(hasTest ? [digits(trial.test?.pearson ?? null)] : []),
      ...[trial.epochs, trial.seconds.toFixed(1)],
      ...searched.map(({ field }) => shownValue(trial.settings[field])),
    ]),
    highlighted: [0],
  });
}

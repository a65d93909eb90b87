import { type Line, lines, mostNames } from "../charts/lines.js";
import type { Curve } from "../charts/thin.js";
import type { Markup } from "../markup.js";
import { section, type Section } from "../page.js";
import { paragraph, sideBySide } from "../parts.js";
import type { RunLog, StepCurves } from "./read-log.js";
import type { Run } from "./run.js";

/** How runs went, step by step; those of a pre-training by themselves. */
export async function curvesSections(runs: readonly Run[]): Promise<Section[]> {
  const trainings = runs.filter(({ kind }) => kind !== "pretrain");
  const pretrainings = runs.filter(({ kind }) => kind === "pretrain");
  const isBoth = trainings.length > 0 && pretrainings.length > 0;
  return [
    ...(await curvesSection("Curves", bestFirst(trainings), pearson)),
    ...(await curvesSection(isBoth ? "Curves of pre-training" : "Curves", pretrainings, heldOut)),
  ];
}

/** Of so many runs that not all can be told apart, the best are. */
function bestFirst(runs: readonly Run[]): readonly Run[] {
  if (runs.length <= mostNames) return runs;
  const worth = ({ figures }: Run) => figures.dev?.pearson ?? -Infinity;
  return [...runs].sort((a, b) => worth(b) - worth(a) || 0);
}

type Measure = { metric: string; title: string; name: string; description: string };

const pearson: Measure = {
  metric: "pearson",
  title: "Pearson on dev",
  name: "Pearson",
  description: "After each evaluation; the weights of the highest are kept.",
};

const heldOut: Measure = {
  metric: "loss",
  title: "Loss on held-out lines",
  name: "loss",
  description: "After each evaluation; the weights of the lowest are kept.",
};

async function curvesSection(
  title: string,
  runs: readonly Run[],
  measure: Measure,
): Promise<Section[]> {
  if (runs.length === 0) return [];
  if (runs.every((run) => logsOf(run).every(({ steps }) => steps.step.length === 0))) {
    return [section(title, paragraph("No step has been taken yet."))];
  }
  return [
    section(
      title,
      await evaluations(runs, measure),
      await losses(runs),
      sideBySide(await rates(runs), await gradients(runs)),
    ),
  ];
}

/** Of a run, or of each fold that has begun. */
const logsOf = (run: Run): RunLog[] =>
  run.kind === "crossval" ? run.folds.map(({ log }) => log) : [run.log];

/** Curves that have points; the folds of a cross-validation under one name. */
const linesOf = (runs: readonly Run[], curveOf: (log: RunLog) => Curve): Line[] =>
  runs.flatMap((run) =>
    logsOf(run).flatMap((log) => {
      const curve = curveOf(log);
      return curve.x.length > 0 ? [{ name: run.name, curve }] : [];
    }),
  );

const ofSteps =
  (name: keyof StepCurves) =>
  ({ steps }: RunLog): Curve => ({ x: steps.step, y: steps[name] });

const step = { name: "step", min: 0 };

async function evaluations(runs: readonly Run[], measure: Measure): Promise<Markup | null> {
  const { metric, title, name, description } = measure;
  const measured = linesOf(runs, ({ evaluations: all }) => {
    const known = all.filter(({ metrics }) => typeof metrics[metric] === "number");
    return { x: known.map((each) => each.step), y: known.map(({ metrics }) => metrics[metric]!) };
  });
  if (measured.length === 0) return null;
  return lines({ title, description, x: step, y: { name }, lines: measured, marks: true });
}

const losses = (runs: readonly Run[]): Promise<Markup> =>
  lines({
    title: "Training loss",
    description: "The trend of each run, and faintly behind it the loss of every step.",
    x: step,
    y: { name: "loss" },
    lines: linesOf(runs, ofSteps("loss")),
    trend: true,
  });

const rates = (runs: readonly Run[]): Promise<Markup> =>
  lines({
    title: "Learning rate",
    description:
      "Of the parameters that have the configured one; runs with the same one lie on each other.",
    x: step,
    y: { name: "learning rate" },
    lines: linesOf(runs, ofSteps("lr")),
  });

function gradients(runs: readonly Run[]): Promise<Markup> {
  const norms = linesOf(runs, ofSteps("gradNorm"));
  const isLog =
    norms.every(({ curve }) => Array.from(curve.y).every(isNotZero)) && spansDecades(norms);
  return lines({
    title: "Gradient norm",
    description: `Before clipping${isLog ? ", on a logarithmic axis" : ""}.`,
    x: step,
    y: { name: "2-norm", type: isLog ? "log" : "value" },
    lines: norms,
    trend: true,
  });
}

const isNotZero = (value: number): boolean => !(value <= 0);

/** Whether the highest spike would press the rest to the bottom of the chart. */
function spansDecades(all: readonly Line[]): boolean {
  const values = all.flatMap(({ curve }) => Array.from(curve.y).filter(Number.isFinite));
  const sorted = Float64Array.from(values).sort();
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return (sorted.at(-1) ?? 0) > 30 * median;
}

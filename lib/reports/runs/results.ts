import { compact, count, counted, digits } from "../format.js";
import type { Run } from "./run.js";

/** A figure of every run, as it is shown; null where a run has none. */
export type ResultColumn = { name: string; values: (string | null)[] };

/** Runs that have the same figures. */
export type ResultGroup = {
  kind: "train" | "pretrain";
  runs: Run[];
  /** Of each run; those that none of them has are left out. */
  columns: ResultColumn[];
};

/** What runs came to: trainings and cross-validations, and by themselves pre-trainings. */
export function resultGroups(runs: readonly Run[]): ResultGroup[] {
  return (["train", "pretrain"] as const)
    .map((kind) => {
      const some = runs.filter((run) => (run.kind === "pretrain") === (kind === "pretrain"));
      return { kind, runs: some, columns: columnsOf(some) };
    })
    .filter((group) => group.runs.length > 0);
}

const columnsOf = (runs: readonly Run[]): ResultColumn[] =>
  figuresShown
    .map(([name, shown]) => ({ name, values: runs.map(shown) }))
    .filter(({ values }) => values.some((value) => value !== null));

/** `finished`, `2 of 5 folds`. */
export function stateOf({ kind, isFinished, folds, settings }: Run): string {
  if (isFinished) return "finished";
  if (kind !== "crossval") return "not finished";
  const finished = folds.filter((fold) => fold.isFinished).length;
  return `${finished} of ${counted(Number(settings.folds), "fold")}`;
}

/** The run with the highest Pearson on dev; undefined where there is one run, or none has any. */
export function bestRun(runs: readonly Run[]): Run | undefined {
  const pearson = ({ figures }: Run) => figures.dev?.pearson ?? -Infinity;
  const best = runs.reduce<Run | undefined>(
    (found, run) => (pearson(run) > (found ? pearson(found) : -Infinity) ? run : found),
    undefined,
  );
  return runs.length > 1 ? best : undefined;
}

const dev =
  (metric: string, format: (value: number) => string | null = digits) =>
  ({ figures }: Run): string | null =>
    shown(figures.dev?.[metric], format);

const test =
  (metric: string) =>
  ({ figures }: Run): string | null =>
    shown(figures.test?.[metric], digits);

const shown = (value: number | null | undefined, format: (value: number) => string | null) =>
  value === null || value === undefined ? null : format(value);

const figuresShown: readonly (readonly [string, (run: Run) => string | null])[] = [
  ["Pearson", dev("pearson")],
  ["Spearman", dev("spearman")],
  ["MSE", dev("mse")],
  ["MAE", dev("mae")],
  ["held-out loss", dev("loss")],
  ["perplexity", dev("perplexity", (value) => compact(value, 4))],
  ["accuracy", dev("accuracy")],
  ["best at step", ({ figures }) => shown(figures.best?.step, count)],
  ["test Pearson", test("pearson")],
  ["test Spearman", test("spearman")],
  ["steps", ({ figures }) => count(figures.steps)],
  ["epochs", ({ figures }) => count(figures.epochs)],
  ["pairs/s", ({ kind, figures }) => (kind === "pretrain" ? null : perSecond(figures))],
  ["lines/s", ({ kind, figures }) => (kind === "pretrain" ? perSecond(figures) : null)],
];

const perSecond = ({ examplesPerSecond }: Run["figures"]): string | null =>
  shown(examplesPerSecond, (value) => compact(value, 3));

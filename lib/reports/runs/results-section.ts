import { type Content } from "../markup.js";
import { section, type Section } from "../page.js";
import { list, paragraph, warning } from "../parts.js";
import { table } from "../table.js";
import { bestRun, resultGroups, type ResultGroup, stateOf } from "./results.js";
import type { Run } from "./run.js";

/** What each run came to, and what stands in the way of comparing them. */
export function resultsSection(runs: readonly Run[]): Section {
  const best = bestRun(runs);
  const notes = reservations(runs);
  return section(
    "Results",
    best ? paragraph(`The highest Pearson on dev is that of ${best.name}.`) : null,
    resultGroups(runs).map((group) => resultTable(group, best)),
    notes.length > 0 ? warning(list(notes)) : null,
  );
}

function resultTable({ kind, runs, columns }: ResultGroup, best: Run | undefined): Content {
  return table({
    caption:
      kind === "pretrain"
        ? "What the best weights of each pre-training came to on held-out lines"
        : "What the best weights of each run came to on dev; of a cross-validation, out of fold",
    columns: [
      { name: "run" },
      { name: "state" },
      ...columns.map(({ name }) => ({ name, numeric: true })),
    ],
    rows: runs.map((run, i) => [
      run.name,
      stateOf(run),
      ...columns.map(({ values }) => values[i]!),
    ]),
    highlighted: best ? [runs.indexOf(best)] : [],
  });
}

function reservations(runs: readonly Run[]): Content[] {
  const trained = runs.filter(({ kind }) => kind !== "pretrain");
  const differ = (name: string) =>
    new Set(trained.map(({ settings }) => JSON.stringify(settings[name]))).size > 1;
  const kinds = new Set(trained.map(({ kind }) => kind));
  const torn = runs.filter((run) => [run, ...run.folds].some(({ log }) => log.isTorn));
  return [
    ...(differ("dev") || kinds.size > 1
      ? [
          "The runs were measured on different pairs, so that their figures on dev cannot be compared.",
        ]
      : []),
    ...(differ("test")
      ? [
          "The runs were tested on different pairs, so that their figures on test cannot be compared.",
        ]
      : []),
    ...(differ("loss")
      ? ["The runs were trained with different losses, whose values cannot be compared."]
      : []),
    ...torn.map(
      ({ name }) =>
        `The last line of the log of ${name} is broken off: it was ended while it wrote it.`,
    ),
  ];
}

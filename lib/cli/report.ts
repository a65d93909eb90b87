import path from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../foundation/atomic-file.js";
import { StsError } from "../foundation/errors.js";
import { compareRuns, type RunComparison } from "../reports/runs/compare-runs.js";
import { bestRun, resultGroups, stateOf } from "../reports/runs/results.js";
import type { Fold, Run } from "../reports/runs/run.js";
import { runsPage } from "../reports/runs-page.js";
import type { Command } from "./command.js";
import { grid } from "./format.js";
import { interruptible } from "./interruptible.js";
import { settingsOf } from "./read-flags.js";

const schema = z.strictObject({
  output: z
    .string()
    .optional()
    .describe("page to write, .html; without it only the table is shown"),
});

export const report: Command = {
  name: "report",
  summary: "Compares runs: what they came to, how they went and in which settings they differ.",
  operands: "runs/a runs/b …",
  example: "--output report.html runs/first runs/second",
  schema,
  async run({ given, words: directories }, output) {
    const { output: file } = settingsOf(schema, { given, words: [] });
    requireSound(directories, file);
    const comparison = await interruptible(output, "Stopping; nothing is written.", (signal) =>
      compareRuns(directories, { signal }),
    );
    if (file !== undefined) await writeFileAtomically(file, await runsPage(comparison));
    output.print(describe(comparison));
    if (file !== undefined) output.print(`The page is written to ${file}`);
    output.result(resultOf(comparison, file));
    return 0;
  },
};

function requireSound(directories: readonly string[], file: string | undefined): void {
  if (directories.length === 0) {
    throw new StsError(
      "INVALID_ARGUMENT",
      "the directory of a run is missing: sts-native report --output report.html runs/first",
    );
  }
  // So that no file of a run can be meant, such as its log.
  if (file !== undefined && !/^\.html?$/i.test(path.extname(file))) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `--output: expected the path of a page, which ends in .html, got ${JSON.stringify(file)}.`,
    );
  }
}

function describe({ runs }: RunComparison): string {
  const best = bestRun(runs);
  const tables = resultGroups(runs).map(({ runs: some, columns }) =>
    grid([
      ["", "state", ...columns.map(({ name }) => name)],
      ...some.map((run, i) => [
        run.name,
        stateOf(run),
        ...columns.map(({ values }) => values[i] ?? "-"),
      ]),
    ]),
  );
  return [...tables, ...(best ? [`highest Pearson: ${best.name}`] : [])].join("\n\n");
}

/** The figures and the settings that differ, as programs read them. */
function resultOf({ runs, settings }: RunComparison, file: string | undefined): object {
  return {
    runs: runs.map((run) => ({ ...figuresOf(run), folds: run.folds.map(foldOf) })),
    differing: Object.fromEntries(
      settings.differing.map(({ name, values }) => [name, values.map((value) => value ?? null)]),
    ),
    best: bestRun(runs)?.path ?? null,
    output: file ?? null,
  };
}

const figuresOf = ({ name, path: place, kind, isFinished, figures }: Run): object => ({
  ...{ name, path: place, kind, finished: isFinished },
  ...figures,
});

const foldOf = ({ fold, isFinished, figures }: Fold): object => ({
  ...{ fold, finished: isFinished },
  ...figures,
});

import { counted } from "./format.js";
import { page } from "./page.js";
import type { RunComparison } from "./runs/compare-runs.js";
import { curvesSections } from "./runs/curves-section.js";
import { foldsSection } from "./runs/folds-section.js";
import { predictionsSection } from "./runs/predictions-section.js";
import { resultsSection } from "./runs/results-section.js";
import { settingsSection } from "./runs/settings-section.js";

/**
 * A page of runs beside each other: what they came to, how they went and in what they differ.
 * @returns HTML that is complete in itself
 */
export async function runsPage({ runs, settings }: RunComparison): Promise<string> {
  const folds = [];
  for (const run of runs.filter(({ kind }) => kind === "crossval")) {
    folds.push(await foldsSection(run));
  }
  const sections = [
    resultsSection(runs),
    ...(await curvesSections(runs)),
    settingsSection(runs, settings),
    ...folds,
    await predictionsSection(runs),
  ];
  return page({
    title: runs.length === 1 ? `Run ${runs[0]!.name}` : counted(runs.length, "run"),
    lead: runs.map(({ path }) => path).join(", "),
    sections: sections.filter((section) => section !== null),
  });
}

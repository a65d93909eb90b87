import type { Content } from "../markup.js";
import { counted } from "../format.js";
import { section, type Section } from "../page.js";
import { details, paragraph } from "../parts.js";
import { table } from "../table.js";
import type { Run } from "./run.js";
import type { ComparedSettings } from "./settings.js";

/** In which settings runs differ; what they have in common is folded. */
export function settingsSection(
  runs: readonly Run[],
  { differing, common }: ComparedSettings,
): Section {
  const shared = Object.entries(common);
  return section(
    "Settings",
    runs.length === 1
      ? null
      : differing.length === 0
        ? paragraph("The runs have the same settings.")
        : differences(runs, differing),
    details(
      runs.length === 1
        ? counted(shared.length, "setting")
        : `${counted(shared.length, "setting")} that all have in common`,
      table({
        caption: runs.length === 1 ? "Settings" : "Settings in common",
        columns: [{ name: "setting" }, { name: "value" }],
        rows: shared.map(([name, value]) => [name, shownSetting(value)]),
      }),
    ),
  );
}

/** The longer side goes down the page. */
function differences(runs: readonly Run[], differing: ComparedSettings["differing"]): Content {
  const caption = "Settings that differ";
  if (differing.length > runs.length) {
    return table({
      caption,
      columns: [{ name: "setting" }, ...runs.map(({ name }) => ({ name }))],
      rows: differing.map(({ name, values }) => [name, ...values.map(shownSetting)]),
    });
  }
  return table({
    caption,
    columns: [{ name: "run" }, ...differing.map(({ name }) => ({ name }))],
    rows: runs.map((run, i) => [
      run.name,
      ...differing.map(({ values }) => shownSetting(values[i])),
    ]),
  });
}

/** As YAML has it, on one line; null where there is none. */
const shownSetting = (value: unknown): string | null =>
  value === undefined ? null : typeof value === "string" ? value : JSON.stringify(value);

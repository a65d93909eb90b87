import type { DataDescription } from "../../data/description/description.js";
import { count, counted, twoDigits } from "../format.js";
import type { Content } from "../markup.js";
import { figures, list, paragraph } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import { allDescribed, type Described, type FileNames } from "./described.js";

/** What the files are, and what is wrong with them, at a glance. */
export function overview(data: DataDescription, names: FileNames): Section {
  const { rows, badRows, pairs } = data.all;
  const { duplicates, labels } = pairs;
  return section(
    "Overview",
    figures([
      { name: "pairs", value: count(pairs.n), note: `of ${counted(rows, "row")}` },
      { name: "different pairs", value: count(duplicates.distinct) },
      { name: "rows that cannot be used", value: count(badRows) },
      {
        name: "labels",
        value: count(labels?.n ?? 0),
        note: labels ? `mean ${twoDigits(labels.mean)!}, sd ${twoDigits(labels.sd) ?? "–"}` : null,
      },
    ]),
    ...findingsOf(data, names),
    files(data),
  );
}

function findingsOf(data: DataDescription, names: FileNames): Content[] {
  const findings = [...defects(data), ...leaks(data, names)];
  return findings.length === 0
    ? [paragraph("No defect, duplicate or leak was found.")]
    : [paragraph("To look at:"), list(findings)];
}

function defects({ all: { badRows, pairs }, files }: DataDescription): string[] {
  const { identicalPairs, swappedPairs, identicalSentences, conflicts } = pairs.duplicates;
  const violations = files.reduce(
    (sum, { binaryLabels }) => sum + (binaryLabels?.violations.count ?? 0),
    0,
  );
  return [
    [badRows, "row", "that cannot be used"],
    [identicalPairs.count + swappedPairs.count, "row", "whose pair occurred before"],
    [conflicts.count, "pair", "with more than one label"],
    [identicalSentences.count, "pair", "of a sentence and itself"],
    [violations, "row", "against the rule of binary labels"],
  ].flatMap(([found, noun, what]) =>
    found === 0 ? [] : [`${counted(found as number, noun as string)} ${what as string}`],
  );
}

const leaks = ({ leakage }: DataDescription, names: FileNames): string[] =>
  leakage.flatMap(({ first, second, pairs, sentences }) => {
    const shared = pairs.sameOrder + pairs.swapped;
    if (shared + sentences.distinct === 0) return [];
    return [
      `${counted(shared, "pair")} and ${counted(sentences.distinct, "sentence")} that both ${names.of(first)} and ${names.of(second)} have`,
    ];
  });

function files(data: DataDescription): Content {
  const rows = allDescribed(data).map(({ name, pairs, file }: Described) => [
    file === null ? name : file.path,
    count(file?.rows ?? data.all.rows),
    count(file?.badRows.length ?? data.all.badRows),
    count(pairs.n),
    count(pairs.labels?.n ?? 0),
    pairs.sources === null ? null : count(pairs.sources.distinct),
  ]);
  const numeric = ["rows", "not usable", "pairs", "labels", "sources"];
  const columns = [{ name: "file" }, ...numeric.map((name) => ({ name, numeric: true }))];
  return table({ caption: "Files", columns, rows });
}

import type {
  DataDescription,
  FileDescription,
  LabelDescription,
} from "../data/description/description.js";
import { shortNames } from "../reports/short-names.js";
import { decimals, nameText, of, part, short, type Column, type Line } from "./eda-columns.js";
import { reportFindings } from "./eda-findings.js";
import { lengthLines, sourceLines, tokenLines } from "./eda-lengths.js";
import { count, grid, sparkline } from "./format.js";

/** What is shown of data files: figures in a column for each file, then what was found where. */
export function reportData(data: DataDescription, examples: number): string {
  const columns = columnsOf(data);
  const sections = [
    rowLines(data),
    labelLines(data),
    lengthLines("characters", ({ characters }) => characters),
    tokenLines(data),
    sourceLines(data),
  ].map((lines) => toCells(lines, columns));
  const table = [["", ...columns.map(({ name }) => name)], ...sections.flat()];
  return [grid(table), ...reportFindings(data, examples)].join("\n\n");
}

function columnsOf({ files, all }: DataDescription): Column[] {
  const names = shortNames(files.map(({ path }) => path));
  const columns = files.map((file, i) => ({
    name: names[i]!,
    rows: file.rows,
    badRows: file.badRows.length,
    pairs: file.pairs,
  }));
  return files.length === 1 ? columns : [...columns, { name: "all", ...all }];
}

/** Lines that are empty in all columns are left out. */
const toCells = (lines: readonly Line[], columns: readonly Column[]): string[][] =>
  lines.flatMap(([name, cell]) => {
    const cells = columns.map((column, i) => cell(column, i));
    return cells.every((each) => each === null) ? [] : [[name, ...cells.map((each) => each ?? "")]];
  });

/** Counts of what should not be there are shown where they are somewhere. */
const defect = (value: number): string => (value === 0 ? "-" : count(value));

function rowLines({ files }: DataDescription): Line[] {
  const names = [...new Set(files.flatMap(({ columns }) => columns.map(({ name }) => name)))];
  const missing = (name: string, { columns }: FileDescription) =>
    columns.find((column) => column.name === name)?.missing.count ?? 0;
  const ofFiles = (value: (file: FileDescription) => number) => (_: Column, index: number) => {
    const file = files[index];
    const figure = file ? value(file) : files.reduce((sum, each) => sum + value(each), 0);
    return figure === 0 ? null : count(figure);
  };
  return [
    ["rows", ({ rows }) => count(rows)],
    ["  that cannot be used", ({ badRows }) => defect(badRows)],
    ...names.map((name): Line => [
      `  without ${nameText(name)}`,
      ofFiles((file) => missing(name, file)),
    ]),
    ["pairs", ({ pairs }) => count(pairs.n)],
    ["  different", ({ pairs }) => count(pairs.duplicates.distinct)],
    ["  repeated, whole row", ({ pairs }) => defect(pairs.duplicates.identicalRows.count)],
    ["  repeated", ({ pairs }) => defect(pairs.duplicates.identicalPairs.count)],
    ["  repeated, swapped", ({ pairs }) => defect(pairs.duplicates.swappedPairs.count)],
    ["  with several labels", ({ pairs }) => defect(pairs.duplicates.conflicts.count)],
    [
      "  of a sentence and itself",
      ({ pairs }) => defect(pairs.duplicates.identicalSentences.count),
    ],
    [
      "  against the binary-label rule",
      ofFiles(({ binaryLabels }) => binaryLabels?.violations.count ?? 0),
    ],
  ];
}

function labelLines({ all: { pairs } }: DataDescription): Line[] {
  if (pairs.labels === null) return [];
  const line = (name: string, figure: (labels: LabelDescription) => string): Line => [
    name,
    of(({ labels }) => labels, figure),
  ];
  return [
    line("labels", ({ n }) => count(n)),
    line("  mean", ({ mean }) => decimals(mean)),
    line("  variance", ({ variance }) => decimals(variance)),
    line("  sd", ({ sd }) => decimals(sd)),
    line("  least, quartiles, greatest", ({ min, lowerQuartile, median, upperQuartile, max }) =>
      [min, lowerQuartile, median, upperQuartile, max].map(short).join(" "),
    ),
    line("  histogram", ({ histogram }) => sparkline(histogram.counts)),
    ...pairs.labels.buckets.map(({ label }, i) =>
      line(`  nearest to ${short(label)}`, ({ n, buckets }) => part(buckets[i]!.count, n)),
    ),
  ];
}

import type { DataDescription, FileDescription } from "../../data/description/description.js";
import { compact, count } from "../format.js";
import type { Content } from "../markup.js";
import { paragraph } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import { examples, fileDescriptions, type FileNames, part } from "./described.js";

/** As many bad rows are listed; commands list them too. */
const mostListed = 20;

/** Columns with what is missing in them, rows that cannot be used, and the rule of binary labels. */
export function rowsAndColumns({ files }: DataDescription, names: FileNames): Section {
  return section(
    "Rows and columns",
    columnTable(files, names),
    badRows(files, names),
    files.map((file) => binaryLabels(file, names)),
  );
}

function columnTable(files: readonly FileDescription[], names: FileNames): Content {
  const rows = fileDescriptions(files).flatMap(({ name, file }) =>
    file.columns.map((column) => {
      const meaning = Object.entries(file.fields).find(([, used]) => used === column.name)?.[0];
      const { count: missing, examples: some } = column.missing;
      return [column.name, name, meaning ?? null, part(missing, file.rows), names.places(some)];
    }),
  );
  const columns = [
    { name: "column" },
    { name: "file" },
    { name: "read as" },
    { name: "rows without a value", numeric: true },
    { name: "such as" },
  ];
  return table({ caption: "Columns", columns, rows });
}

function badRows(files: readonly FileDescription[], names: FileNames): Content {
  const all = files.flatMap((file) => file.badRows);
  return examples(
    "Rows that cannot be used",
    all.length,
    [{ name: "where" }, { name: "why" }],
    all.slice(0, mostListed).map((row) => [names.place(row), row.reason]),
  );
}

function binaryLabels({ path, binaryLabels: rule }: FileDescription, names: FileNames): Content {
  if (rule === null) return null;
  const { column, threshold, checked, violations } = rule;
  return [
    paragraph(
      `${names.of(path)}: ${column} is 1 from a label of ${compact(threshold)} on, and 0 below, in ` +
        `${count(checked - violations.count)} of ${count(checked)} rows.`,
    ),
    examples(
      "Rows against this rule",
      violations.count,
      [{ name: "where" }, { name: "label", numeric: true }, { name: column, numeric: true }],
      violations.examples.map((row) => [names.place(row), row.label, row.value]),
    ),
  ];
}

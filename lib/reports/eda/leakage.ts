import type { DataDescription, Leakage } from "../../data/description/description.js";
import { count } from "../format.js";
import type { Content } from "../markup.js";
import { paragraph, warning } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import { examples, type FileNames, pairColumns } from "./described.js";

/** What files have in common; null for one file. */
export function leakage({ leakage: all }: DataDescription, names: FileNames): Section | null {
  if (all.length === 0) return null;
  const between = ({ first, second }: Leakage) => `${names.of(first)} and ${names.of(second)}`;
  const shared = ({ pairs }: Leakage) => pairs.sameOrder + pairs.swapped;
  const rows = all.map((each) => [
    between(each),
    ...[each.pairs.sameOrder, each.pairs.swapped, each.pairs.rowsOfFirst, each.pairs.rowsOfSecond],
    ...[each.sentences.distinct, each.sentences.rowsOfFirst, each.sentences.rowsOfSecond],
  ]);
  const numeric = [
    "pairs",
    "swapped",
    "rows of 1st",
    "rows of 2nd",
    "sentences",
    "rows of 1st",
    "rows of 2nd",
  ];
  const columns = [{ name: "files" }, ...numeric.map((name) => ({ name, numeric: true }))];
  return section(
    "Leakage",
    all.some((each) => shared(each) > 0)
      ? warning(
          "Pairs that are learnt from and measured on make figures look better than they are.",
        )
      : paragraph("No two files share a pair."),
    table({
      caption: "What each two files have in common",
      columns,
      rows: rows.map(([name, ...counts]) => [
        name as string,
        ...counts.map((n) => count(n as number)),
      ]),
    }),
    all.map((each) => examplesOf(each, { between: between(each), shared: shared(each), names })),
  );
}

function examplesOf(
  { pairs, sentences }: Leakage,
  { between, shared, names }: { between: string; shared: number; names: FileNames },
): Content {
  return [
    examples(
      `Pairs in both ${between}`,
      shared,
      [...pairColumns, { name: "also in" }],
      pairs.examples.map(({ first, second }) => [...names.pair(first), names.place(second)]),
    ),
    examples(
      `Sentences in both ${between}`,
      sentences.distinct,
      [{ name: "sentence" }, { name: "in" }, { name: "and in" }],
      sentences.examples.map(({ sentence, first, second }) => [
        sentence,
        names.place(first),
        names.place(second),
      ]),
    ),
  ];
}

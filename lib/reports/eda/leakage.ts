import type { DataDescription, Leakage } from "../../data/description/description.js";
import { count } from "../format.js";
import type { Content } from "../markup.js";
import { paragraph, warning } from "../parts.js";
import { section, type Section } from "../page.js";
import { shortNames } from "../short-names.js";
import { table } from "../table.js";
import { examples, pairCells, pairColumns, place } from "./described.js";

/** What files have in common; null for one file. */
export function leakage({ files, leakage: all }: DataDescription): Section | null {
  if (all.length === 0) return null;
  const paths = files.map(({ path }) => path);
  const names = shortNames(paths);
  const nameOf = (path: string) => names[paths.indexOf(path)]!;
  const between = ({ first, second }: Leakage) => `${nameOf(first)} and ${nameOf(second)}`;
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
    all.map((each) => examplesOf(each, between(each), shared(each))),
  );
}

function examplesOf({ pairs, sentences }: Leakage, between: string, shared: number): Content {
  return [
    examples(
      `Pairs in both ${between}`,
      shared,
      [...pairColumns, { name: "also in" }],
      pairs.examples.map(({ first, second }) => [...pairCells(first), place(second)]),
    ),
    examples(
      `Sentences in both ${between}`,
      sentences.distinct,
      [{ name: "sentence" }, { name: "in" }, { name: "and in" }],
      sentences.examples.map(({ sentence, first, second }) => [
        sentence,
        place(first),
        place(second),
      ]),
    ),
  ];
}

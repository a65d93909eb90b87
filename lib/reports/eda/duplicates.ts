import type { DataDescription, Duplicates } from "../../data/description/description.js";
import { compact, count } from "../format.js";
import type { Content } from "../markup.js";
import { paragraph } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import { allDescribed, examples, type FileNames, pairColumns, part } from "./described.js";

/** What occurs more than once. */
export function duplicates(data: DataDescription, names: FileNames): Section {
  const rows = allDescribed(data).map(({ name, pairs: { n, duplicates } }) => [
    name,
    count(duplicates.distinct),
    ...kinds.map(([, of]) => part(of(duplicates).count, n)),
  ]);
  const columns = [
    { name: "file" },
    ...["different pairs", ...kinds.map(([name]) => name)].map((name) => ({ name, numeric: true })),
  ];
  const found = data.all.pairs.duplicates;
  return section(
    "Duplicates",
    table({
      caption: "Rows that repeat others, and pairs that contradict themselves",
      columns,
      rows,
    }),
    kinds.every(([, of]) => of(found).count === 0) ? paragraph("There are none.") : null,
    examplesOf(found, names),
  );
}

const kinds: readonly [string, (duplicates: Duplicates) => { count: number }][] = [
  ["whole rows repeated", ({ identicalRows }) => identicalRows],
  ["pairs repeated", ({ identicalPairs }) => identicalPairs],
  ["repeated, swapped", ({ swappedPairs }) => swappedPairs],
  ["several labels", ({ conflicts }) => conflicts],
  ["a sentence and itself", ({ identicalSentences }) => identicalSentences],
];

function examplesOf(found: Duplicates, names: FileNames): Content {
  const repeated = [
    ["Whole rows repeated", found.identicalRows] as const,
    ["Pairs repeated", found.identicalPairs] as const,
    ["Pairs repeated with their sentences swapped", found.swappedPairs] as const,
  ].map(([title, { count: total, examples: some }]) =>
    examples(
      title,
      total,
      [...pairColumns, { name: "repeats" }, { name: "label there", numeric: true }],
      some.map(({ first, second }) => [...names.pair(second), names.place(first), first.label]),
    ),
  );
  const { conflicts, identicalSentences } = found;
  return [
    ...repeated,
    examples(
      "Pairs with several labels",
      conflicts.count,
      [
        { name: "first sentence" },
        { name: "second sentence" },
        { name: "spread", numeric: true },
        { name: "labels" },
      ],
      conflicts.examples.map(({ sentence1, sentence2, spread, rows }) => [
        sentence1,
        sentence2,
        compact(spread),
        rows.map((row, i) => [i === 0 ? null : ", ", row.label, " at ", names.place(row)]),
      ]),
    ),
    examples(
      "Pairs of a sentence and itself",
      identicalSentences.count,
      pairColumns,
      identicalSentences.examples.map((pair) => names.pair(pair)),
    ),
  ];
}

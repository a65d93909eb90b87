import type {
  DataDescription,
  LengthDescription,
  Lengths,
  PairsDescription,
} from "../../data/description/description.js";
import { bars } from "../charts/bars.js";
import { seriesCount } from "../charts/palette.js";
import { count, oneDigit } from "../format.js";
import { type Content, html, type Markup } from "../markup.js";
import { paragraph } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import {
  allDescribed,
  examples,
  fileDescriptions,
  type FileNames,
  pairColumns,
  part,
} from "./described.js";

/** How long sentences and pairs are, in characters and in tokens, and what a limit would cut. */
export async function lengths(data: DataDescription, names: FileNames): Promise<Section> {
  const { tokens, characters } = data.all.pairs;
  if (characters === null) return section("Lengths", paragraph("There are no pairs."));
  const model = data.tokenizer?.model;
  return section(
    "Lengths",
    await quantiles(data, tokens ? "tokens" : "characters"),
    tokens === null
      ? paragraph(
          "Tokens are not counted without a model, which is named by ",
          html`<code>--model</code>`,
          ".",
        )
      : [limits(data), paragraph(`Tokens are those of ${model!}; ${unknown(tokens.unknown)}.`)],
    table({ caption: "Lengths", columns: lengthColumns, rows: rowsOf(data) }),
    ratios(data, names),
  );
}

type Unit = "characters" | "tokens";

const quantiles = (data: DataDescription, unit: Unit): Promise<Markup> =>
  bars({
    title: `How long pairs are, in ${unit}`,
    description:
      "Half of the pairs are no longer than the bar at 50 %, and none is longer than the last.",
    x: "part of the pairs",
    y: unit,
    categories: ["50 %", "90 %", "99 %", "all"],
    series: fileDescriptions(data.files)
      .slice(0, seriesCount)
      .flatMap(({ name, pairs }) => {
        const pair = pairs[unit]?.pair;
        return pair ? [{ name, values: [pair.p50, pair.p90, pair.p99, pair.max] }] : [];
      }),
    format: (value) => count(Math.round(value)),
  });

function limits(data: DataDescription): Markup {
  const described = allDescribed(data).filter(({ pairs }) => pairs.tokens !== null);
  const first = described[0]!.pairs.tokens!.limits;
  const rows = first.map(({ maxLength, of }, i) => [
    `${count(maxLength)}${of.includes("model") ? ", the model's limit" : of.includes("asked") ? ", as asked" : ""}`,
    ...described.flatMap(({ pairs }) => {
      const { pairs: cut, pairsBySentence } = pairs.tokens!.limits[i]!;
      return [part(cut, pairs.n), part(pairsBySentence, pairs.n)];
    }),
  ]);
  const columns = [
    { name: "tokens at most" },
    ...described.flatMap(({ name }) => [
      { name: `${name}: pairs`, numeric: true },
      { name: "by sentence", numeric: true },
    ]),
  ];
  const caption =
    "What a limit cuts: pairs as a cross-encoder reads them, and pairs with a sentence that a sentence encoder cuts";
  return table({ caption, columns, rows });
}

const unknown = ({ tokens, share, pairs }: { tokens: number; share: number; pairs: number }) =>
  tokens === 0
    ? "all of them are known"
    : `${count(tokens)} of them (${(100 * share).toFixed(2)} %) are unknown, in ${count(pairs)} pairs`;

const lengthColumns = [
  { name: "file" },
  { name: "of" },
  ...["mean", "sd", "least", "50 %", "90 %", "99 %", "greatest"].map((name) => ({
    name,
    numeric: true,
  })),
];

function rowsOf(data: DataDescription): Content[][] {
  const measures: [string, (pairs: PairsDescription) => LengthDescription | null][] = [
    ["characters", ({ characters }) => characters],
    ["tokens", ({ tokens }) => tokens],
  ];
  return allDescribed(data).flatMap(({ name, pairs }) =>
    measures.flatMap(([unit, of]) => {
      const lengths = of(pairs);
      if (lengths === null) return [];
      return (["sentence", "pair"] as const).map((what) => [
        name,
        `${unit} of a ${what}`,
        ...cells(lengths[what]),
      ]);
    }),
  );
}

const cells = ({ mean, sd, min, p50, p90, p99, max }: Lengths): Content[] => [
  ...[mean, sd].map(oneDigit),
  count(min),
  ...[p50, p90, p99].map(oneDigit),
  count(max),
];

function ratios({ all }: DataDescription, names: FileNames): Content {
  const { mostSimilar, mostDissimilar } = all.pairs.lengthRatios;
  const columns = [...pairColumns, { name: "characters", numeric: true }];
  return [
    ["Pairs of most different lengths", mostDissimilar] as const,
    ["Pairs of most similar lengths", mostSimilar] as const,
  ].map(([title, found]) =>
    examples(
      title,
      found.length,
      columns,
      found.map((pair) => [...names.pair(pair), pair.characters.map(count).join(" : ")]),
    ),
  );
}

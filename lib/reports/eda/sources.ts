import type { DataDescription, Sources } from "../../data/description/description.js";
import { bars } from "../charts/bars.js";
import { seriesCount } from "../charts/palette.js";
import { compact, count, percent, twoDigits } from "../format.js";
import type { Markup } from "../markup.js";
import { paragraph } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import { fileDescriptions } from "./described.js";

/** As many sources are drawn; all that are known are in the table. */
export const mostDrawn = 15;

type Sourced = { name: string; n: number; sources: Sources };

export const nameOfSource = (source: string | null): string => source ?? "(none)";

/** Where pairs come from, and how their labels differ; null where no file says. */
export async function sources(data: DataDescription): Promise<Section | null> {
  const { sources: all } = data.all.pairs;
  if (all === null) return null;
  const files = fileDescriptions(data.files).flatMap(({ name, pairs }) =>
    pairs.sources === null ? [] : [{ name, n: pairs.n, sources: pairs.sources }],
  );
  const drawn = files.slice(0, seriesCount);
  const names = all.listed.slice(0, mostDrawn).map(({ source }) => source);
  const isLabelled = all.listed.some(({ labelMean }) => labelMean !== null);
  return section(
    "Sources",
    await shares(drawn, names),
    isLabelled ? await means(drawn, names) : null,
    all.distinct > names.length
      ? paragraph(`Drawn are the ${names.length} most frequent of ${count(all.distinct)} sources.`)
      : null,
    figuresOf(files),
  );
}

const shares = (files: readonly Sourced[], names: readonly (string | null)[]): Promise<Markup> =>
  bars({
    title: "Where pairs come from",
    description: "The part of each file's pairs that each source has.",
    x: "source",
    y: "% of the pairs",
    categories: names.map(nameOfSource),
    series: seriesOf(files, names, ({ n }, file) => (100 * n) / file.n),
    format: (value) => compact(value, 3),
  });

const means = (files: readonly Sourced[], names: readonly (string | null)[]): Promise<Markup> =>
  bars({
    title: "Mean label of each source",
    description: "Sources that differ here are easier or harder, and are told apart by a model.",
    x: "source",
    y: "mean label",
    categories: names.map(nameOfSource),
    series: seriesOf(files, names, ({ labelMean }) => labelMean).filter(({ values }) =>
      values.some((value) => value !== null),
    ),
    format: (value) => value.toFixed(2),
  });

function seriesOf(
  files: readonly Sourced[],
  names: readonly (string | null)[],
  value: (source: Sources["listed"][number], file: Sourced) => number | null,
) {
  return files.map((file) => ({
    name: file.name,
    values: names.map((name) => {
      const found = file.sources.listed.find(({ source }) => source === name);
      return found ? value(found, file) : null;
    }),
  }));
}

function figuresOf(files: readonly Sourced[]): Markup {
  const rows = files.flatMap(({ name, n: all, sources }) =>
    sources.listed.map(({ source, n, labelled, labelMean }) => [
      nameOfSource(source),
      name,
      count(n),
      percent(n, all),
      count(labelled),
      twoDigits(labelMean),
    ]),
  );
  const numeric = ["pairs", "part", "labels", "mean label"];
  const columns = [
    { name: "source" },
    { name: "file" },
    ...numeric.map((name) => ({ name, numeric: true })),
  ];
  return table({ caption: "Sources of each file", columns, rows });
}

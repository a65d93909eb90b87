import type { DataDescription, LabelDescription } from "../../data/description/description.js";
import { bars } from "../charts/bars.js";
import { histogram } from "../charts/histogram.js";
import { seriesCount } from "../charts/palette.js";
import { compact, count, twoDigits } from "../format.js";
import type { Markup } from "../markup.js";
import { paragraph, sideBySide } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import { allDescribed, fileDescriptions } from "./described.js";

type Labelled = { name: string; labels: LabelDescription };

/** How labels are distributed; of several files as shares, so that they can be compared. */
export async function labels(data: DataDescription): Promise<Section> {
  const drawn = fileDescriptions(data.files).flatMap(({ name, pairs }) => withLabels(name, pairs));
  const all = allDescribed(data).flatMap(({ name, pairs }) => withLabels(name, pairs));
  if (drawn.length === 0) return section("Labels", paragraph("No pair has a label."));
  const some = drawn.slice(0, seriesCount);
  return section("Labels", sideBySide(await distribution(some), await buckets(some)), moments(all));
}

const withLabels = (name: string, { labels }: { labels: LabelDescription | null }): Labelled[] =>
  labels === null ? [] : [{ name, labels }];

const isOne = (all: readonly Labelled[]): boolean => all.length === 1;

/** Counts of one file, percentages of several. */
function scaled(all: readonly Labelled[], countsOf: (labels: LabelDescription) => number[]) {
  return all.map(({ name, labels }) => ({
    name,
    values: countsOf(labels).map((value) => (isOne(all) ? value : (100 * value) / labels.n)),
  }));
}

const unit = (all: readonly Labelled[]): string => (isOne(all) ? "pairs" : "% of the labels");

const distribution = (all: readonly Labelled[]): Promise<Markup> =>
  histogram({
    title: "Distribution of the labels",
    description: isOne(all)
      ? "How many labels lie in each bin."
      : "The part of each file's labels that lies in each bin.",
    x: "label",
    y: unit(all),
    edges: all[0]!.labels.histogram.edges,
    series: scaled(all, ({ histogram }) => histogram.counts),
    format: isOne(all) ? count : percentage,
  });

const buckets = (all: readonly Labelled[]): Promise<Markup> =>
  bars({
    title: "Labels, rounded to six",
    description: "Where few labels are, a model learns and is measured on little.",
    x: "nearest label",
    y: unit(all),
    categories: all[0]!.labels.buckets.map(({ label }) => compact(label)),
    series: scaled(all, ({ buckets }) => buckets.map((bucket) => bucket.count)),
    format: isOne(all) ? count : percentage,
  });

const percentage = (value: number): string => compact(value, 3);

function moments(all: readonly Labelled[]): Markup {
  const rows = all.map(({ name, labels }) => {
    const { n, unlabelled, mean, variance, sd, min, lowerQuartile, median, upperQuartile, max } =
      labels;
    return [
      name,
      ...[n, unlabelled].map(count),
      ...[mean, variance, sd, min, lowerQuartile, median, upperQuartile, max].map(twoDigits),
    ];
  });
  const numeric = [
    "labels",
    "unlabelled",
    "mean",
    "variance",
    "sd",
    "least",
    "25 %",
    "median",
    "75 %",
    "greatest",
  ];
  const columns = [{ name: "file" }, ...numeric.map((name) => ({ name, numeric: true }))];
  return table({ caption: "Figures of the labels", columns, rows });
}

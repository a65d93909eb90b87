import type {
  BucketErrors,
  LabelledPredictions,
  PredictionsDescription,
} from "../../data/description/description.js";
import { bars } from "../charts/bars.js";
import { histogram } from "../charts/histogram.js";
import { scatter } from "../charts/scatter.js";
import type { Point } from "../charts/thin.js";
import { compact, count, digits, twoDigits } from "../format.js";
import type { Content, Markup } from "../markup.js";
import { figures, paragraph, sideBySide, warning } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import { examples, type FileNames, pairColumns } from "./described.js";
import { nameOfSource } from "./sources.js";

/** How predictions are distributed beside the labels, and where they are wrong. */
export async function predictionSections(
  described: PredictionsDescription,
  names: FileNames,
): Promise<Section[]> {
  const { path, data, labelled } = described;
  const lead = paragraph(`${path}, predictions for ${data}.`);
  if (labelled === null) {
    const note = paragraph("The pairs have no labels to compare them with.");
    return [section("Predictions", lead, await distribution(described), note)];
  }
  const { metrics } = labelled;
  return [
    section(
      "Predictions",
      lead,
      metrics.warnings.map((text) => warning(text)),
      figures([
        { name: "Pearson", value: digits(metrics.pearson) ?? "not defined" },
        { name: "Spearman", value: digits(metrics.spearman) ?? "not defined" },
        { name: "mean squared error", value: digits(metrics.mse) },
        { name: "mean absolute error", value: digits(metrics.mae) },
        { name: "labels", value: count(metrics.n) },
      ]),
      await distribution(described),
      moments(described, labelled),
    ),
    await errors(described, labelled, names),
  ];
}

function distribution({ predictions, labelled }: PredictionsDescription): Promise<Markup> {
  const { below, above, edges } = predictions.histogram;
  const outside = below + above === 0 ? "" : ` ${count(below + above)} predictions lie outside.`;
  return histogram({
    title: labelled ? "Predictions and labels" : "Predictions",
    description: `How many lie in each bin of the label range.${outside}`,
    x: "score",
    y: "pairs",
    edges,
    series: [
      { name: "predictions", values: predictions.histogram.counts },
      ...(labelled ? [{ name: "labels", values: labelled.labels.histogram.counts }] : []),
    ],
    format: count,
  });
}

function moments({ predictions }: PredictionsDescription, { labels }: LabelledPredictions): Markup {
  const rows = [
    { name: "predictions", of: predictions },
    { name: "labels", of: labels },
  ].map(({ name, of }) => [
    name,
    count(of.n),
    ...[of.mean, of.sd, of.min, of.lowerQuartile, of.median, of.upperQuartile, of.max].map(
      twoDigits,
    ),
  ]);
  const numeric = ["n", "mean", "sd", "least", "25 %", "median", "75 %", "greatest"];
  const columns = [{ name: "of" }, ...numeric.map((name) => ({ name, numeric: true }))];
  return table({ caption: "Figures of both", columns, rows });
}

async function errors(
  { labelRange: { min, max } }: PredictionsDescription,
  labelled: LabelledPredictions,
  names: FileNames,
): Promise<Section> {
  const { byLabel, byPrediction, bySource, worst } = labelled;
  const drawn = byLabel.flatMap(({ meanLabel, meanPrediction }): Point[] =>
    meanLabel === null || meanPrediction === null ? [] : [[meanLabel, meanPrediction]],
  );
  const predicted = drawn.map(([, prediction]) => prediction);
  const means = scatter({
    title: "Mean prediction for each label",
    description: "Above the dashed line a model predicts too much, below it too little.",
    x: { name: "label", min, max },
    y: {
      name: "mean prediction",
      min: Math.min(min, ...predicted),
      max: Math.max(max, ...predicted),
    },
    diagonal: [min, max],
    series: [{ name: "mean prediction", points: drawn }],
  });
  return section(
    "Errors",
    sideBySide(await means, await absoluteErrors(byLabel)),
    errorTable("By label", "labels near", byLabel),
    errorTable("By prediction", "predictions near", byPrediction),
    bySource === null ? null : await sourceErrors(bySource),
    examples(
      "Worst predictions",
      worst.length,
      [...pairColumns, { name: "prediction", numeric: true }],
      worst.map((pair) => [...names.pair(pair), twoDigits(pair.prediction)]),
    ),
  );
}

const absoluteErrors = (byLabel: readonly BucketErrors[]): Promise<Markup> =>
  bars({
    title: "How far off predictions are",
    description: "Mean absolute error of the pairs whose label is nearest to each value.",
    x: "label",
    y: "mean absolute error",
    categories: byLabel.map(({ label }) => compact(label)),
    series: [{ name: "mean absolute error", values: byLabel.map(({ mae }) => mae) }],
    format: (value) => value.toFixed(2),
  });

const errorNames = ["pairs", "mean label", "mean prediction", "MSE", "MAE"];

const errorCells = ({ n, meanLabel, meanPrediction, mse, mae }: Omit<BucketErrors, "label">) => [
  count(n),
  ...[meanLabel, meanPrediction, mse, mae].map(twoDigits),
];

function errorTable(caption: string, first: string, buckets: readonly BucketErrors[]): Markup {
  const columns = [{ name: first }, ...errorNames.map((name) => ({ name, numeric: true }))];
  const rows = buckets.map((bucket) => [compact(bucket.label), ...errorCells(bucket)]);
  return table({ caption, columns, rows });
}

async function sourceErrors(
  bySource: NonNullable<LabelledPredictions["bySource"]>,
): Promise<Content> {
  const columns = [
    { name: "source" },
    ...[...errorNames, "Pearson"].map((name) => ({ name, numeric: true })),
  ];
  const rows = bySource.map((each) => [
    nameOfSource(each.source),
    ...errorCells(each),
    digits(each.pearson),
  ]);
  const drawn = bySource.slice(0, 15);
  const chart = await bars({
    title: "How far off predictions are, by source",
    description: "Mean absolute error of each source's pairs.",
    x: "source",
    y: "mean absolute error",
    categories: drawn.map(({ source }) => nameOfSource(source)),
    series: [{ name: "mean absolute error", values: drawn.map(({ mae }) => mae) }],
    format: (value) => value.toFixed(2),
  });
  return [chart, table({ caption: "By source", columns, rows })];
}

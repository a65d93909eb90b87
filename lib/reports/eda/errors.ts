import type {
  BucketErrors,
  LabelledPredictions,
  PredictionsDescription,
} from "../../data/description/description.js";
import { bars } from "../charts/bars.js";
import { scatter } from "../charts/scatter.js";
import type { Point } from "../charts/thin.js";
import { compact, count, digits, twoDigits } from "../format.js";
import type { Content, Markup } from "../markup.js";
import { sideBySide } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import { examples, type FileNames, pairColumns } from "./described.js";
import { mostDrawn, nameOfSource } from "./sources.js";

/** Where predictions are wrong: by label, by prediction and by source, and the worst of them. */
export async function errorsSection(
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
  const drawn = bySource.slice(0, mostDrawn);
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

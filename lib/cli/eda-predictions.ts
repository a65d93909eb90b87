import type {
  BucketErrors,
  Errors,
  PredictedPair,
  PredictionsDescription,
} from "../data/description/description.js";
import { decimals, nameText, short } from "./eda-columns.js";
import { pairText, placeText } from "./eda-findings.js";
import { correlations, count, digits, grid, sparkline } from "./format.js";

/** What is shown of predictions: their distribution beside the labels', and where they are wrong. */
export function reportPredictions(described: PredictionsDescription): string {
  const { labelled } = described;
  const paragraphs = [distributions(described)];
  if (labelled !== null) {
    const { metrics, byLabel, byPrediction, bySource, worst } = labelled;
    const { n, mse, mae } = metrics;
    paragraphs.push(
      `${correlations(metrics)}, MSE ${digits(mse)}, MAE ${digits(mae)} on ${count(n)} labels`,
      buckets("labels near", byLabel),
      buckets("predictions near", byPrediction),
      ...(bySource === null ? [] : [sources(bySource)]),
      ...(worst.length === 0
        ? []
        : [["Worst predictions", ...worst.map(describeWorst)].join("\n")]),
    );
  }
  return paragraphs.join("\n\n");
}

type Distribution = PredictionsDescription["predictions"];

function distributions({ path, predictions, labelled, labelRange }: PredictionsDescription) {
  const columns = [predictions, ...(labelled ? [labelled.labels] : [])];
  const line = (name: string, figure: (distribution: Distribution) => string) => [
    name,
    ...columns.map(figure),
  ];
  return grid([
    [path, "predictions", "labels"].slice(0, columns.length + 1),
    line("n", ({ n }) => count(n)),
    line("mean", ({ mean }) => decimals(mean)),
    line("sd", ({ sd }) => decimals(sd)),
    line("least, quartiles, greatest", ({ min, lowerQuartile, median, upperQuartile, max }) =>
      [min, lowerQuartile, median, upperQuartile, max].map(short).join(" "),
    ),
    line("histogram", ({ histogram }) => sparkline(histogram.counts)),
    line(`below ${labelRange.min}`, ({ histogram }) => count(histogram.below)),
    line(`above ${labelRange.max}`, ({ histogram }) => count(histogram.above)),
  ]);
}

const errorTitles = ["n", "mean label", "mean prediction", "MSE", "MAE"];

const errorCells = ({ n, meanLabel, meanPrediction, mse, mae }: Errors): string[] => [
  count(n),
  ...[meanLabel, meanPrediction, mse, mae].map(decimals),
];

const buckets = (title: string, errors: readonly BucketErrors[]): string =>
  grid([
    [title, ...errorTitles],
    ...errors.map((bucket) => [short(bucket.label), ...errorCells(bucket)]),
  ]);

function sources(errors: NonNullable<NonNullable<PredictionsDescription["labelled"]>["bySource"]>) {
  return grid([
    ["source", ...errorTitles, "Pearson"],
    ...errors.map((each) => [
      nameText(each.source),
      ...errorCells(each),
      each.pearson === null ? "-" : digits(each.pearson),
    ]),
  ]);
}

const describeWorst = (pair: PredictedPair): string =>
  `  ${placeText(pair)}: ${short(pair.prediction)} for ${short(pair.label)}: ${pairText(pair)}`;

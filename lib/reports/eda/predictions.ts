import type {
  LabelledPredictions,
  PredictionsDescription,
} from "../../data/description/description.js";
import { histogram } from "../charts/histogram.js";
import { count, digits, twoDigits } from "../format.js";
import type { Markup } from "../markup.js";
import { figures, paragraph, warning } from "../parts.js";
import { section, type Section } from "../page.js";
import { table } from "../table.js";
import type { FileNames } from "./described.js";
import { errorsSection } from "./errors.js";

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
    await errorsSection(described, labelled, names),
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

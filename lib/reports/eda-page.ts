import type { DataDescription, PredictionsDescription } from "../data/description/description.js";
import { FileNames } from "./eda/described.js";
import { duplicates } from "./eda/duplicates.js";
import { labels } from "./eda/labels.js";
import { leakage } from "./eda/leakage.js";
import { lengths } from "./eda/lengths.js";
import { overview } from "./eda/overview.js";
import { predictionSections } from "./eda/predictions.js";
import { rowsAndColumns } from "./eda/rows.js";
import { sources } from "./eda/sources.js";
import { counted } from "./format.js";
import { page } from "./page.js";

/**
 * A page of what is in data files, and in predictions for one of them: what is wrong with them and
 * how labels, lengths and sources are distributed.
 * @returns HTML that is complete in itself
 */
export async function edaPage(
  data: DataDescription,
  predictions: PredictionsDescription | null = null,
): Promise<string> {
  const { files, all } = data;
  const names = new FileNames(files.map(({ path }) => path));
  const sections = [
    overview(data, names),
    ...(predictions === null ? [] : await predictionSections(predictions, names)),
    await labels(data),
    await lengths(data, names),
    await sources(data),
    duplicates(data, names),
    leakage(data, names),
    rowsAndColumns(data, names),
  ];
  return page({
    title: files.map(({ path }) => names.of(path)).join(", "),
    lead: `${counted(all.pairs.n, "sentence pair")} in ${counted(files.length, "file")}.`,
    sections: sections.filter((section) => section !== null),
  });
}

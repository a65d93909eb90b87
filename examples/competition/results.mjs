import { loadPairs, loadPredictions, pearson } from "../../dist/index.js";

/** Pearson of a prediction file on a labelled file with the same rows in the same order. */
export async function pearsonOf(data, predictions) {
  const { pairs } = await loadPairs(data, { labels: "required" });
  const rows = await loadPredictions(predictions);
  return pearson(
    rows.map(({ target }) => target),
    pairs.map(({ label }) => label),
  );
}

/** Rows of a name and two correlations. */
export function table(rows) {
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = (name, ...cells) =>
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(8))].join("  ");
  const digits = (value) => value?.toFixed(4) ?? "-";
  return [
    line("Pearson", "dev", "test"),
    ...rows.map(([name, ...values]) => line(name, ...values.map(digits))),
  ].join("\n");
}

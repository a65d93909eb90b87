import { spreadOf } from "../../training/cross-validation/summary.js";
import { bars } from "../charts/bars.js";
import { count, digits } from "../format.js";
import { section, type Section } from "../page.js";
import { figures, paragraph } from "../parts.js";
import { table } from "../table.js";
import { stateOf } from "./results.js";
import type { Run } from "./run.js";

/** What each fold of a cross-validation came to, and how much they differ. */
export async function foldsSection(run: Run): Promise<Section> {
  const { name, folds, figures: all } = run;
  const title = `Folds of ${name}`;
  if (folds.length === 0) return section(title, paragraph("No fold has begun."));
  const pearsons = folds.map(({ figures: own }) => own.dev?.pearson ?? null);
  const { mean, sd } = spreadOf(pearsons);
  return section(
    title,
    figures([
      { name: "Pearson out of fold", value: digits(all.dev?.pearson ?? null) ?? stateOf(run) },
      { name: "mean of the folds", value: digits(mean) ?? "–" },
      { name: "standard deviation", value: digits(sd) ?? "–" },
    ]),
    await bars({
      title: "Pearson of each fold",
      description: "How much a figure depends on which pairs are held out.",
      x: "fold",
      y: "Pearson",
      categories: folds.map(({ fold }) => String(fold)),
      series: [{ name: "Pearson", values: pearsons }],
      format: (value) => value.toFixed(3),
    }),
    table({
      caption: "Figures of each fold",
      columns: [
        { name: "fold" },
        { name: "state" },
        ...["pairs", "Pearson", "Spearman", "MSE", "MAE", "best at step", "steps"].map(
          (column) => ({
            name: column,
            numeric: true,
          }),
        ),
      ],
      rows: folds.map(({ fold, isFinished, figures: { dev, best, steps } }) => [
        `fold ${fold}`,
        isFinished ? "finished" : "not finished",
        dev?.n === undefined || dev.n === null ? null : count(dev.n),
        ...["pearson", "spearman", "mse", "mae"].map((metric) => digits(dev?.[metric] ?? null)),
        best === null ? null : count(best.step),
        count(steps),
      ]),
    }),
  );
}

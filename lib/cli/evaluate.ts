import { loadPairs } from "../data/read-pairs.js";
import { evaluate as evaluateModel, prepare } from "../evaluation/evaluate.js";
import { isTruncated } from "../models/pair-model.js";
import { locatedTexts, ReadingCheck } from "../models/reading-check.js";
import type { Command } from "./command.js";
import { reportSkipped } from "./bad-rows.js";
import { count, counted, digits, table } from "./format.js";
import { interruptible } from "./interruptible.js";
import { settingsOf } from "./read-flags.js";
import { loadForScoring, scoringSchema } from "./scoring.js";

export const evaluate: Command = {
  name: "evaluate",
  summary: "Measures how well a model's scores fit the labels of a data file.",
  operands: "",
  example: "--model runs/first/best --data test.csv",
  schema: scoringSchema,
  async run(line, output) {
    const settings = settingsOf(scoringSchema, line);
    const metrics = await interruptible(output, "Stopping.", async (signal) => {
      using model = await loadForScoring(settings, output, signal);
      const { format, columns, onBadRow, batchSize, data } = settings;
      const { labelRange } = model;
      const options = { format, columns, onBadRow, labelRange, labels: "required" } as const;
      const { pairs, skipped } = await loadPairs(data, options);
      reportSkipped(output, data, skipped);
      const reading = new ReadingCheck(model.readers);
      await reading.add(data, pairs.map(locatedTexts), signal);
      for (const warning of reading.warnings) output.warn(warning);
      const set = await prepare(model, pairs, signal);
      const truncated = set.encodings.filter(isTruncated).length;
      if (truncated > 0) {
        output.note(`${counted(truncated, "pair")} cut to ${count(model.maxLength)} tokens`);
      }
      return await evaluateModel(model, set, { batchSize, signal });
    });
    const { n, pearson, spearman, mse, mae, warnings } = metrics;
    for (const warning of warnings) output.warn(warning);
    output.print(
      table([
        ["pairs", count(n)],
        ["Pearson", digits(pearson)],
        ["Spearman", digits(spearman)],
        ["MSE", digits(mse)],
        ["MAE", digits(mae)],
      ]),
    );
    output.result({ n, pearson, spearman, mse, mae });
    return 0;
  },
};

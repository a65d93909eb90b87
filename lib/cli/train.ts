import path from "node:path";
import { z } from "zod";
import { addon } from "../native/addon.js";
import { trainConfigSchema } from "../training/config.js";
import { parseTrainConfig } from "../training/parse-config.js";
import type { TrainSummary } from "../training/summary.js";
import { Trainer, type TrainerSettings } from "../training/trainer.js";
import type { Command } from "./command.js";
import { downloadReport } from "./download-report.js";
import { correlations, counted, digits, shellWord, table } from "./format.js";
import { requireGiven } from "./read-flags.js";
import { readRun, runFlags, runResumably, type RunRequest } from "./resumable.js";
import { TrainReport } from "./train-report.js";

/** What joins other models is configured in a file; otherwise a model is required. */
const requiredSchema = trainConfigSchema.extend({
  model: z.string().describe("model directory or hub id to start from"),
});

const schema = requiredSchema.extend(runFlags);

export const train: Command = {
  name: "train",
  summary: "Fine-tunes a model on sentence pairs.",
  operands: "",
  example: "--model klue/roberta-small --train train.csv --dev dev.csv --output runs/first",
  schema,
  async run(line, output) {
    const request = await readRun(line, trainConfigSchema);
    const create = trainerOf(request);
    // Before any reading and downloading: without libtorch nothing works.
    addon();
    const report = new TrainReport(output);
    const settings = { callbacks: report, onProgress: downloadReport(output) };
    const summary = await runResumably(output, "train", report, (signal) =>
      create({ ...settings, signal }),
    );
    output.print(describeRun(summary));
    output.result(summary);
    return 0;
  },
};

/** Checks the settings of a new run at once. */
function trainerOf(request: RunRequest): (settings: TrainerSettings) => Promise<Trainer> {
  if ("resume" in request) return (settings) => Trainer.resume(request.resume, settings);
  const { values, where } = request;
  const joins = values.architecture === "voting" || values.architecture === "stacking";
  requireGiven(joins || "members" in values ? trainConfigSchema : requiredSchema, values);
  const config = parseTrainConfig(values, where);
  return (settings) => Promise.resolve(new Trainer(config, settings));
}

function describeRun(summary: TrainSummary): string {
  const { best, test, output } = summary;
  const model = path.join(output, best ? "best" : "last");
  const how = best
    ? `epoch ${best.epoch}, step ${best.step}: ${correlations(best)} on dev`
    : "none: trained on everything, the last weights count";
  const skipped =
    summary.skippedSteps > 0 ? `, ${counted(summary.skippedSteps, "step")} skipped` : "";
  return table([
    ["best", how],
    ...(test
      ? [
          [
            "test",
            `${correlations(test)}, MSE ${digits(test.mse)}, MAE ${digits(test.mae)} ` +
              `on ${counted(test.n, "pair")}`,
          ] as const,
        ]
      : []),
    [
      "speed",
      `${summary.pairsPerSecond.toFixed(1)} pairs/s, ${counted(summary.steps, "step")}${skipped}`,
    ],
    ["model", model],
    ["run", `${output}: config.yaml, metrics.jsonl, predictions, summary.json`],
    ["next", `sts-native evaluate --model ${shellWord(model)} --data FILE`],
    ["", `sts-native predict --model ${shellWord(model)} --data FILE --output PREDICTIONS.csv`],
  ]);
}

import path from "node:path";
import { z } from "zod";
import { addon } from "../native/addon.js";
import { trainConfigSchema, type TrainConfig } from "../training/config.js";
import { parseTrainConfig } from "../training/parse-config.js";
import type { TrainSummary } from "../training/summary.js";
import { Trainer } from "../training/trainer.js";
import type { Command, CommandLine } from "./command.js";
import { readConfigFile } from "./config-file.js";
import { downloadReport } from "./download-report.js";
import { Interrupted } from "./exit.js";
import { correlations, counted, digits, shellWord, table } from "./format.js";
import { interruptible } from "./interruptible.js";
import type { Output } from "./output.js";
import { requireGiven, requireNoWords } from "./read-flags.js";
import { TrainReport } from "./train-report.js";

const schema = trainConfigSchema.extend({
  config: z
    .string()
    .optional()
    .describe(
      "YAML file of settings, such as batchSize: 8; flags win; its paths are relative to here",
    ),
});

export const train: Command = {
  name: "train",
  summary: "Fine-tunes a cross-encoder on scored sentence pairs.",
  operands: "",
  example: "--model klue/roberta-small --train train.csv --dev dev.csv --output runs/first",
  schema,
  async run(line, output) {
    const config = await readConfig(line);
    // Before any reading and downloading: without libtorch nothing works.
    addon();
    const summary = await runTraining(config, output);
    output.print(describeRun(config, summary));
    output.result(summary);
    return 0;
  },
};

/** The flags over the file over the defaults. */
async function readConfig({ given, words }: CommandLine): Promise<TrainConfig> {
  requireNoWords(words);
  const { config: file, ...flags } = given;
  const inFile =
    typeof file === "string"
      ? await readConfigFile(file, Object.keys(trainConfigSchema.shape))
      : {};
  const settings = { ...inFile, ...flags };
  requireGiven(trainConfigSchema, settings);
  return parseTrainConfig(settings, typeof file === "string" ? file : "command line");
}

async function runTraining(config: TrainConfig, output: Output): Promise<TrainSummary> {
  const report = new TrainReport(output);
  const settings = { callbacks: report, onProgress: downloadReport(output) };
  try {
    return await interruptible(
      output,
      "Finishing the step; then the weights are saved.",
      (signal) => new Trainer(config, { ...settings, signal }).train(),
    );
  } catch (error) {
    if (!(error instanceof Interrupted) || !report.started) throw error;
    throw new Interrupted(error.signal, `${error.message}\n${howToGoOn(config)}`, { cause: error });
  } finally {
    output.closeBar();
  }
}

function howToGoOn({ output }: TrainConfig): string {
  const words = [
    ...["--config", path.join(output, "config.yaml")],
    ...["--model", path.join(output, "last")],
    ...["--output", `${output}-continued`],
  ];
  return (
    "To go on from these weights (with a new learning rate schedule and all epochs anew):\n" +
    `  sts-native train ${words.map(shellWord).join(" ")}`
  );
}

function describeRun({ test: testFile }: TrainConfig, summary: TrainSummary): string {
  const { best, test, output } = summary;
  const model = path.join(output, "best");
  const predictions = ["predictions-dev.csv", ...(testFile ? ["predictions-test.csv"] : [])];
  return table([
    ["best", `epoch ${best.epoch}, step ${best.step}: ${correlations(best)} on dev`],
    ...(test
      ? [
          [
            "test",
            `${correlations(test)}, MSE ${digits(test.mse)}, MAE ${digits(test.mae)} ` +
              `on ${counted(test.n, "pair")}`,
          ] as const,
        ]
      : []),
    ["speed", `${summary.pairsPerSecond.toFixed(1)} pairs/s, ${counted(summary.steps, "step")}`],
    ["model", model],
    ["also", `in ${output}: last, ${predictions.join(", ")}, metrics.jsonl, summary.json`],
    ["next", `sts-native evaluate --model ${shellWord(model)} --data FILE`],
    ["", `sts-native predict --model ${shellWord(model)} --data FILE --output PREDICTIONS.csv`],
  ]);
}

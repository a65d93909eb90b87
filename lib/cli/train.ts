import path from "node:path";
import { z } from "zod";
import { StsError } from "../foundation/errors.js";
import { addon } from "../native/addon.js";
import { trainConfigSchema } from "../training/config.js";
import { parseTrainConfig } from "../training/parse-config.js";
import type { TrainSummary } from "../training/summary.js";
import { Trainer, type TrainerSettings } from "../training/trainer.js";
import { assign } from "./assignments.js";
import type { Command, CommandLine } from "./command.js";
import { readConfigFile } from "./config-file.js";
import { downloadReport } from "./download-report.js";
import { Interrupted } from "./exit.js";
import { kebabCase, type Given } from "./flags.js";
import { correlations, counted, digits, shellWord, table } from "./format.js";
import { interruptible } from "./interruptible.js";
import type { Output } from "./output.js";
import { requireGiven, requireNoWords } from "./read-flags.js";
import { TrainReport } from "./train-report.js";

/** As on the command line: what joins other models is configured in a file. */
const requiredSchema = trainConfigSchema.extend({
  model: z.string().describe("model directory or hub id to start from"),
});

const schema = requiredSchema.extend({
  config: z
    .string()
    .optional()
    .describe(
      "YAML file of settings, such as batchSize: 8; flags win; its paths are relative to here",
    ),
  set: z
    .array(z.string())
    .optional()
    .describe("key=value: a setting of the YAML file, such as layerDecay=0.9; may be repeated"),
  resume: z
    .string()
    .optional()
    .describe("directory of a run that was interrupted, to go on with it exactly; given alone"),
});

export const train: Command = {
  name: "train",
  summary: "Fine-tunes a model on sentence pairs.",
  operands: "",
  example: "--model klue/roberta-small --train train.csv --dev dev.csv --output runs/first",
  schema,
  async run(line, output) {
    const report = new TrainReport(output);
    const settings = { callbacks: report, onProgress: downloadReport(output) };
    const createTrainer = await readRequest(line);
    // Before any reading and downloading: without libtorch nothing works.
    addon();
    const summary = await runTraining(createTrainer, settings, report, output);
    output.print(describeRun(summary));
    output.result(summary);
    return 0;
  },
};

type CreateTrainer = (settings: TrainerSettings) => Promise<Trainer>;

/** A run to resume, or the flags over `--set` over the file over the defaults. */
async function readRequest({ given, words }: CommandLine): Promise<CreateTrainer> {
  requireNoWords(words);
  const { config: file, set = [], resume, ...flags } = given;
  if (typeof resume === "string") {
    requireAlone(given);
    return (settings) => Trainer.resume(resume, settings);
  }
  const known = Object.keys(trainConfigSchema.shape);
  const inFile = typeof file === "string" ? await readConfigFile(file, known) : {};
  const values = { ...assign(inFile, set as string[], known), ...flags };
  requireGiven("members" in values ? trainConfigSchema : requiredSchema, values);
  const config = parseTrainConfig(values, typeof file === "string" ? file : "command line");
  return (settings) => Promise.resolve(new Trainer(config, settings));
}

function requireAlone(given: Given): void {
  const others = Object.keys(given).filter((key) => key !== "resume");
  if (others.length === 0) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `--resume goes on with a run as it was configured; leave out ${others.map((key) => `--${kebabCase(key)}`).join(", ")}.`,
  );
}

async function runTraining(
  createTrainer: CreateTrainer,
  settings: TrainerSettings,
  report: TrainReport,
  output: Output,
): Promise<TrainSummary> {
  let run = "";
  try {
    return await interruptible(
      output,
      "Finishing the step; then the run is saved.",
      async (signal) => {
        const trainer = await createTrainer({ ...settings, signal });
        run = trainer.config.output;
        return trainer.train();
      },
    );
  } catch (error) {
    if (!(error instanceof Interrupted) || !report.started) throw error;
    const goOn = `To go on with it: sts-native train --resume ${shellWord(run)}`;
    throw new Interrupted(error.signal, `${error.message}\n${goOn}`, { cause: error });
  } finally {
    output.closeBar();
  }
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

import path from "node:path";
import { z } from "zod";
import { addon } from "../native/addon.js";
import { parsePretrainConfig } from "../training/parse-config.js";
import { pretrainConfigSchema } from "../training/pretraining/config.js";
import {
  Pretrainer,
  type PretrainerSettings,
  type PretrainSummary,
} from "../training/pretraining/pretrainer.js";
import type { Command } from "./command.js";
import { downloadReport } from "./download-report.js";
import { counted, shellWord, table } from "./format.js";
import type { Output } from "./output.js";
import { PretrainReport } from "./pretrain-report.js";
import { requireGiven } from "./read-flags.js";
import { readRun, runFlags, runResumably } from "./resumable.js";

const schema = z.strictObject({ ...pretrainConfigSchema.shape, ...runFlags });

export const pretrain: Command = {
  name: "pretrain",
  summary: "Trains an encoder to predict hidden words of plain text, to know a domain.",
  operands: "",
  example: "--model klue/roberta-small --text reviews.txt.gz --output runs/reviews",
  schema,
  async run(line, output) {
    const request = await readRun(line, pretrainConfigSchema);
    if ("values" in request) requireGiven(pretrainConfigSchema, request.values);
    // Before any reading and downloading: without libtorch nothing works.
    addon();
    const report = new PretrainReport(output);
    const create = async (settings: PretrainerSettings) =>
      "resume" in request
        ? Pretrainer.resume(request.resume, settings)
        : new Pretrainer(parsePretrainConfig(request.values, request.where), settings);
    const settings = { callbacks: report, onProgress: downloadReport(output) };
    const summary = await runResumably(output, "pretrain", report, (signal) =>
      create({ ...settings, signal }),
    );
    printSummary(output, summary);
    return 0;
  },
};

function printSummary(output: Output, summary: PretrainSummary): void {
  const { best, steps, linesPerSecond } = summary;
  const model = path.join(summary.output, "best");
  output.print(
    table([
      [
        "best",
        `epoch ${best.epoch}, step ${best.step}: loss ${best.loss.toFixed(4)}, ` +
          `perplexity ${best.perplexity.toFixed(2)}, ` +
          `${(100 * best.accuracy).toFixed(1)} % of ${counted(best.n, "hidden token")} right`,
      ],
      ["speed", `${linesPerSecond.toFixed(1)} lines/s, ${counted(steps, "step")}`],
      ["model", model],
      ["next", `sts-native train --model ${shellWord(model)} --train FILE --output DIR`],
    ]),
  );
  output.result(summary);
}

import path from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../foundation/atomic-file.js";
import { StsError } from "../foundation/errors.js";
import { addon } from "../native/addon.js";
import { sweepPage } from "../reports/sweep-page.js";
import {
  parseSweepConfig,
  sweepConfigSchema,
  sweepSettingsSchema,
  type SweepConfig,
} from "../training/sweep/config.js";
import { parseSpace, spaceKeys } from "../training/sweep/space.js";
import type { SweepSummary } from "../training/sweep/summary.js";
import { Sweep, type SweepSettings } from "../training/sweep/sweep.js";
import type { Command, CommandLine } from "./command.js";
import { readConfigFile } from "./config-file.js";
import { downloadReport } from "./download-report.js";
import type { Given } from "./flags.js";
import { requireGiven } from "./read-flags.js";
import { readRun, runFlags, runResumably } from "./resumable.js";
import { SweepReport } from "./sweep-report.js";
import { describeSweep } from "./sweep-table.js";

/** What is searched need not be given. */
const requiredSchema = sweepSettingsSchema.extend({
  model: z.string().describe("model directory or hub id that every trial starts from"),
  train: z.string().describe("training pairs: .csv, .tsv, .json or .jsonl, also .gz"),
  space: z.string().describe("YAML file of what is searched, and how"),
});

const schema = requiredSchema.extend({
  ...runFlags,
  resume: z.string().optional().describe("directory of a sweep to go on with; given alone"),
});

export const sweep: Command = {
  name: "sweep",
  summary: "Searches the settings of a training: a run for each trial, compared on dev.",
  operands: "",
  example: "--space space.yaml --model klue/roberta-small --train train.csv --output runs/sweep",
  schema,
  async run(line, output) {
    const create = await sweepOf(line);
    // Before any reading and downloading: without libtorch nothing works.
    addon();
    const report = new SweepReport(output, writePage);
    const settings = {
      callbacks: report,
      trainer: report.trainer,
      onProgress: downloadReport(output),
    };
    const summary = await runResumably(output, "sweep", report, async (signal) => {
      const search = await create({ ...settings, signal });
      return { config: search.config, train: () => search.run() };
    });
    await writePage(summary);
    output.print(describeSweep(summary));
    output.result(summary);
    return summary.best ? 0 : 1;
  },
};

const writePage = async (summary: SweepSummary): Promise<void> =>
  writeFileAtomically(path.join(summary.output, "report.html"), await sweepPage(summary));

/** Checks the settings of a new one at once. */
async function sweepOf(line: CommandLine): Promise<(settings: SweepSettings) => Promise<Sweep>> {
  requireOneSpace(line.given);
  const request = await readRun(line, sweepConfigSchema);
  if ("resume" in request) return (settings) => Sweep.resume(request.resume, settings);
  const config = await readSweep(request.values, request.where);
  return (settings) => Promise.resolve(new Sweep(config, settings));
}

/** The file's path stands for what it holds, over which nothing can be set. */
function requireOneSpace({ space, set = [] }: Given): void {
  const part = (set as string[]).find((assignment) => /^\s*space\b/.test(assignment));
  if (space === undefined || part === undefined) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `--set ${part}: is for a space in the file of --config; change it in the file of --space.`,
  );
}

async function readSweep(values: Given, where: string): Promise<SweepConfig> {
  if (values.space === undefined) requireGiven(requiredSchema, values);
  const file = typeof values.space === "string" ? values.space : undefined;
  const space =
    file === undefined
      ? parseSpace(values.space, `${where}: space`)
      : parseSpace(await readConfigFile(file, spaceKeys), file);
  const given = { ...values, ...space.fields };
  const mayLack = "members" in given ? { model: true as const } : {};
  requireGiven(requiredSchema.omit(mayLack), given);
  return parseSweepConfig({ ...values, space }, where);
}

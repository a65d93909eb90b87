import { z } from "zod";
import { clampLabel } from "../data/pair.js";
import { assess } from "../ensemble/assess.js";
import { fitRidge, type Ridge, ridgeScores } from "../ensemble/fit-ridge.js";
import { loadLabelledMembers } from "../ensemble/load-members.js";
import { invalidArgument } from "../foundation/errors.js";
import { reportSkipped } from "./bad-rows.js";
import type { Command } from "./command.js";
import { type Combining, readCombining, writeCombined } from "./ensemble-files.js";
import { filesOf, fitFlags, memberFlags, requireLearning } from "./ensemble-flags.js";
import { describeLearnt, type Learnt, learntResult } from "./ensemble-report.js";
import { count, table } from "./format.js";
import type { Output } from "./output.js";
import { settingsOf } from "./read-flags.js";

const schema = z.strictObject({
  labels: z.string().describe("labelled data file that the members were trained on, fold by fold"),
  oof: z.array(z.string()).describe("out-of-fold predictions of that file, a file for each member"),
  ...memberFlags,
  alpha: z
    .string()
    .default("auto")
    .describe("how strongly coefficients are drawn to 0: a number, or auto by leave-one-out"),
  ...fitFlags,
});

type Settings = Omit<z.output<typeof schema>, "alpha"> & { alpha: number | "auto" };

export const stack: Command = {
  name: "stack",
  summary: "Learns how to add up the scores of several models, by ridge regression.",
  operands: "a-test.csv b-test.csv …",
  example:
    "--labels train.csv --oof a-oof.csv,b-oof.csv --output stacked.csv a-test.csv b-test.csv",
  schema,
  async run({ given, words: files }, output) {
    const checked = settingsOf(schema, { given, words: [] });
    const settings = { ...checked, alpha: parseAlpha(checked.alpha) };
    const learntFrom = { flag: "--oof", members: filesOf(settings.oof) };
    requireLearning(learntFrom, { what: "the files to stack", files }, settings.output);
    // Before anything is fitted: a file that cannot be used is told at once.
    const sources = [settings.labels, ...filesOf(settings.oof)];
    const combining = await readCombining(output, files, sources, settings);
    const { ridge, learnt } = await learn(settings, output);
    output.print(describeLearnt(learnt));
    output.print(
      table([
        ["intercept", ridge.intercept.toFixed(4)],
        ["alpha", String(Number(ridge.alpha.toPrecision(4)))],
      ]),
    );
    const written = combining && (await writeStacked(combining, ridge, settings, output));
    const { alpha, intercept } = ridge;
    output.result({ ...written, alpha, intercept, fit: learntResult(learnt) });
    return 0;
  },
};

function parseAlpha(text: string): number | "auto" {
  if (text === "auto") return text;
  const alpha = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(alpha) && alpha >= 0) return alpha;
  throw invalidArgument("--alpha", "auto or a number from 0", text);
}

/** Fits on out-of-fold predictions and judges what came out. */
async function learn(
  settings: Settings,
  output: Output,
): Promise<{ ridge: Ridge; learnt: Learnt }> {
  const { labels: data, alpha } = settings;
  const files = filesOf(settings.oof);
  const { members, labels, skipped } = await loadLabelledMembers(data, files, settings);
  reportSkipped(output, data, skipped);
  const ridge = fitRidge(members, labels, { alpha });
  const assessment = assess(
    members,
    labels,
    (scores, known) => {
      // Alpha is chosen anew, so that the pairs that are left out have no part in it.
      const fitted = fitRidge(scores, known, { alpha });
      return (others) => ridgeScores(fitted, others);
    },
    settings,
  );
  const parts = ridge.coefficients;
  return { ridge, learnt: { name: "stack", files, part: "coefficient", parts, assessment } };
}

async function writeStacked(
  combining: Combining,
  ridge: Ridge,
  { labelRange }: Settings,
  output: Output,
): Promise<object> {
  const raw = ridgeScores(ridge, combining.members);
  const scores = raw.map((score) => clampLabel(score, labelRange));
  const clamped = raw.filter((score, i) => score !== scores[i]).length;
  const what = clamped === 0 ? "stacked" : `stacked, ${count(clamped)} clamped to the label range`;
  await writeCombined(output, combining, scores, what);
  const { files, output: file } = combining;
  return { n: scores.length, files, clamped, output: file };
}

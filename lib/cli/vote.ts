import { z } from "zod";
import { assess } from "../ensemble/assess.js";
import { normaliseWeights, weightedMean } from "../ensemble/averages.js";
import type { Learn } from "../ensemble/cross-fit.js";
import { fitWeights } from "../ensemble/fit-weights.js";
import { loadLabelledMembers } from "../ensemble/load-members.js";
import { methodOf, vote as voteOn, voteMethods } from "../ensemble/vote.js";
import { invalidArgument } from "../foundation/errors.js";
import { reportSkipped } from "./bad-rows.js";
import type { Command } from "./command.js";
import { type Combining, readCombining, writeCombined } from "./ensemble-files.js";
import {
  filesOf,
  fitFlags,
  invalid,
  memberFlags,
  missingOutput,
  requireLearning,
  requireSeveral,
} from "./ensemble-flags.js";
import { describeLearnt, type Learnt, learntResult } from "./ensemble-report.js";
import { type Given, kebabCase } from "./flags.js";
import type { Output } from "./output.js";
import { settingsOf } from "./read-flags.js";

const schema = z.strictObject({
  ...memberFlags,
  method: z
    .enum(voteMethods)
    .optional()
    .describe("how scores become one; mean, or weighted where there are weights"),
  weights: z
    .string()
    .optional()
    .describe("one for each file, such as 0.5,0.3,0.2; their proportions matter"),
  fit: z.string().optional().describe("labelled data file on which weights are found"),
  dev: z
    .array(z.string())
    .optional()
    .describe("predictions of the --fit data, a file for each file to vote on, in their order"),
  ...fitFlags,
});

type Settings = z.output<typeof schema>;

export const vote: Command = {
  name: "vote",
  summary: "Makes one prediction file of several, with weights that are equal, given or found.",
  operands: "a.csv b.csv …",
  example: "--output voted.csv --method rank a.csv b.csv c.csv",
  schema,
  async run({ given, words: files }, output) {
    const settings = settingsOf(schema, { given, words: [] });
    const { fit, dev } = settings;
    if (fit === undefined) requireVote(given, settings, files);
    else requireFit(settings, files);
    const weights = weightsOf(settings, files);
    // Before anything is fitted: a file that cannot be used is told at once.
    const sources = fit === undefined ? [] : [fit, ...filesOf(dev)];
    const combining = await readCombining(output, files, sources, settings);
    const learnt = fit === undefined ? undefined : await learn(fit, settings, output);
    if (learnt) output.print(describeLearnt(learnt));
    const voted =
      combining &&
      (await writeVote(combining, { ...settings, weights: learnt?.parts ?? weights }, output));
    output.result({ ...voted, fit: learnt ? learntResult(learnt) : null });
    return 0;
  },
};

function requireVote(given: Given, settings: Settings, files: readonly string[]): void {
  const misplaced = ["dev", ...Object.keys(fitFlags)].find((key) => key in given);
  if (misplaced !== undefined) {
    throw invalid(`--${kebabCase(misplaced)} goes with --fit, the labelled data; give that too.`);
  }
  requireSeveral("the files to vote on", files);
  const { method, weights, output } = settings;
  if (output === undefined) throw missingOutput();
  if (method === "weighted" && weights === undefined) {
    throw invalid("--method weighted needs --weights, or --fit to find them.");
  }
  if (weights !== undefined && method !== undefined && method !== "weighted") {
    throw invalid(`--weights go with --method weighted, not with --method ${method}.`);
  }
}

function requireFit({ method, weights, dev, output }: Settings, files: readonly string[]): void {
  if (weights !== undefined || (method !== undefined && method !== "weighted")) {
    throw invalid("--fit finds the weights of a weighted mean; leave out --method and --weights.");
  }
  const learnt = { flag: "--dev", members: filesOf(dev) };
  requireLearning(learnt, { what: "the files to vote on", files }, output);
}

function weightsOf({ weights }: Settings, files: readonly string[]): number[] | undefined {
  if (weights === undefined) return undefined;
  const values = weights.split(",").map((text) => (text.trim() === "" ? NaN : Number(text)));
  const sound = values.every((value) => Number.isFinite(value) && value >= 0);
  if (sound && values.length === files.length && values.some((value) => value > 0)) {
    return normaliseWeights(values, files.length);
  }
  const expected = `${files.length} numbers from 0, one for each file and not all 0`;
  throw invalidArgument("--weights", expected, weights);
}

const learnWeights: Learn = (members, labels) => {
  const weights = fitWeights(members, labels);
  return (others) => weightedMean(others, weights);
};

/** Finds weights on labelled data and judges them. */
async function learn(data: string, settings: Settings, output: Output): Promise<Learnt> {
  const files = filesOf(settings.dev);
  const { members, labels, skipped } = await loadLabelledMembers(data, files, settings);
  reportSkipped(output, data, skipped);
  const assessment = assess(members, labels, learnWeights, settings);
  const parts = fitWeights(members, labels);
  return { name: "weighted", files, part: "weight", parts, assessment };
}

type VoteSettings = Omit<Settings, "weights"> & { weights: readonly number[] | undefined };

async function writeVote(
  combining: Combining,
  { method: wanted, weights, labelRange }: VoteSettings,
  output: Output,
): Promise<object> {
  const method = methodOf({ method: wanted, weights });
  const scores = voteOn(combining.members, { method, weights, labelRange });
  await writeCombined(output, combining, scores, method);
  const { files, output: file } = combining;
  return { n: scores.length, method, files, weights: weights ?? null, output: file };
}

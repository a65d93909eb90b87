import path from "node:path";
import { Random } from "../../data/random.js";
import { StsError } from "../../foundation/errors.js";
import { assignSetting } from "../assign-setting.js";
import { trainConfigSchema, type TrainConfig } from "../config.js";
import { parseTrainConfig } from "../parse-config.js";
import { drawCandidates, everyCandidate, sizeOf, type Candidate } from "./candidates.js";
import { sharedSettings, type SweepConfig } from "./config.js";
import { rungsOf, type Rung } from "./rungs.js";

/** Which trials there are to be, before any has run. */
export type SweepPlan = {
  /** What is searched of each trial of the first rung, [trials]. */
  candidates: Candidate[];
  /** One, but for halving. */
  rungs: Rung[];
  /** What a user ought to know of the plan. */
  warnings: string[];
};

/** A trial of a rung. */
export type PlannedTrial = {
  /** From 1; a candidate keeps its number in all rungs. */
  trial: number;
  /** From 1. */
  rung: number;
  candidate: Candidate;
  training: TrainConfig;
};

/**
 * Plans a sweep: the same configuration has the same plan.
 * @throws StsError `INVALID_ARGUMENT`
 */
export function planSweep({ space, seed, epochs }: SweepConfig): SweepPlan {
  if (space.method === "grid") {
    const candidates = everyCandidate(space.fields);
    return { candidates, rungs: [oneRung(candidates.length)], warnings: [] };
  }
  const wanted = space.method === "random" ? space.trials : space.candidates;
  const candidates = drawCandidates(space.fields, wanted, new Random(seed));
  const { length } = candidates;
  const size = sizeOf(space.fields);
  const warnings =
    size < wanted ? [`the space has ${size} candidates, fewer than the ${wanted} asked for.`] : [];
  if (space.method === "random") return { candidates, rungs: [oneRung(length)], warnings };
  const rungs = rungsOf(length, space.factor, epochs, space.minEpochs);
  const longest = rungs.at(-1)!.epochs!;
  if (longest * space.factor <= epochs) {
    warnings.push(
      `the last rung trains ${longest} of ${epochs} epochs: there are too few candidates for another. ` +
        "Leave minEpochs out, or take more candidates.",
    );
  }
  return { candidates, rungs, warnings };
}

const oneRung = (trials: number): Rung => ({ rung: 1, trials, epochs: null });

/**
 * The trainings of the first rung.
 * @throws StsError `INVALID_ARGUMENT`, naming the trial and every setting at fault
 */
export const planTrials = (config: SweepConfig, plan: SweepPlan): PlannedTrial[] =>
  plan.candidates.map((candidate, i) => planTrial(config, plan, candidate, i + 1));

function planTrial(
  config: SweepConfig,
  { rungs }: SweepPlan,
  candidate: Candidate,
  trial: number,
): PlannedTrial {
  const name = describeTrial({ trial, candidate });
  const known = Object.keys(trainConfigSchema.shape);
  const settings = structuredClone(sharedSettings(config));
  for (const [key, value] of Object.entries(candidate)) {
    assignSetting(settings, key, structuredClone(value), { known, where: `${name}:` });
  }
  const training = parseTrainConfig(settings, name);
  if (training.fullTrain) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `${name}: fullTrain has no validation, by which trials are compared; leave it out.`,
    );
  }
  return inRung({ trial, rung: 1, candidate, training }, rungs[0]!, config.output, rungs.length);
}

/**
 * The same trial in another rung: trained anew and longer, for the learning rate's schedule is of the
 * whole length.
 * @param output the directory of the sweep
 * @param rungs how many there are
 */
export function inRung(
  planned: PlannedTrial,
  { rung, epochs }: Rung,
  output: string,
  rungs: number,
): PlannedTrial {
  const name = trialName(planned.trial, rungs > 1 ? rung : undefined);
  const training = {
    ...planned.training,
    epochs: epochs ?? planned.training.epochs,
    output: path.join(output, name),
  };
  return { ...planned, rung, training };
}

/**
 * The name of a trial's directory in that of the sweep.
 * @param rung of those that have several
 */
const trialName = (trial: number, rung?: number): string =>
  `trial-${String(trial).padStart(3, "0")}${rung === undefined ? "" : `-rung-${rung}`}`;

/** `trial 3 (lr=2e-5, head.widths=[512,256])`: the settings as `--set` takes them. */
export const describeTrial = ({
  trial,
  candidate,
}: Pick<PlannedTrial, "trial" | "candidate">): string =>
  `trial ${trial} (${describeCandidate(candidate)})`;

export const describeCandidate = (candidate: Candidate): string =>
  Object.entries(candidate)
    .map(([key, value]) => `${key}=${shownValue(value)}`)
    .join(", ");

export const shownValue = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

import { StsError } from "../foundation/errors.js";
import { compileLoss, type CompiledLoss } from "../losses/compile.js";
import { namedHeads, type HeadConfig } from "../models/heads/head-config.js";
import type { ModelKind } from "../models/sts-config.js";
import type { OptimisationConfig, TrainConfig } from "./config.js";

const isEnsemble = (kind: ModelKind | undefined): boolean =>
  kind === "voting" || kind === "stacking";

type Check = readonly [isWrong: boolean, problem: string];

const problemsOf = (checks: readonly Check[]): string[] =>
  checks.flatMap(([isWrong, problem]) => (isWrong ? [problem] : []));

/** What is wrong with a configuration whose settings are each sound, a sentence each. */
export function contradictions(config: TrainConfig): string[] {
  const { model, members, architecture, examples, dev, fullTrain, patience, heldOutFold } = config;
  const joins = isEnsemble(architecture);
  const problems = problemsOf([
    [model === undefined && members === undefined && !joins, "model is required."],
    [model !== undefined && members !== undefined, "model and members exclude each other."],
    [members !== undefined && !joins, "members need architecture: voting or stacking."],
    [
      joins && members === undefined,
      `architecture: ${architecture} needs members, such as --set members=[runs/a/best,runs/b/best]; ` +
        "to train one that is saved, give its directory as model alone.",
    ],
    [
      config.pooling !== undefined && headOf(config)?.type === "tokens",
      "pooling is for the family's head: a head over tokens reads every token.",
    ],
    [
      examples !== "scored" && heldOutFold !== undefined,
      `heldOutFold divides scored pairs, not examples: ${examples}.`,
    ],
    [fullTrain && patience !== undefined, "patience needs a validation, which fullTrain has not."],
    [
      examples !== "scored" && dev === undefined && !fullTrain,
      `dev is required with examples: ${examples}, whose rows have no scores to validate on.`,
    ],
    [
      examples !== "scored" && dev !== undefined && fullTrain,
      `dev holds scored pairs, which fullTrain cannot add to examples: ${examples}; leave it out.`,
    ],
  ]);
  problems.push(...optimisationContradictions(config));
  return architecture === undefined ? problems : [...problems, ...unfitting(config, architecture)];
}

/** The same of the settings of the optimisation, whatever is trained. */
export function optimisationContradictions(config: OptimisationConfig): string[] {
  return problemsOf([
    [
      config.evalSteps !== undefined && config.evalEpochs !== undefined,
      "evalSteps and evalEpochs exclude each other.",
    ],
    [
      config.saveSteps !== undefined && config.saveEpochs !== undefined,
      "saveSteps and saveEpochs exclude each other.",
    ],
    [
      config.emaDecay !== undefined && config.average !== "ema",
      "emaDecay does nothing without average: ema.",
    ],
    [
      config.swaStart !== undefined && config.average !== "swa",
      "swaStart does nothing without average: swa.",
    ],
  ]);
}

/** What of a configuration does not fit the kind of model that it trains, a sentence each. */
function unfitting(config: TrainConfig, kind: ModelKind): string[] {
  const { head, pooling, freezeMembers, examples } = config;
  return problemsOf([
    [
      head !== undefined && kind !== "cross-encoder",
      `head is for a cross-encoder, not for a ${kind} model.`,
    ],
    [
      pooling !== undefined && isEnsemble(kind),
      `pooling is for a model with one encoder, not for a ${kind} model.`,
    ],
    [
      freezeMembers !== undefined && !isEnsemble(kind),
      `freezeMembers is for voting and stacking, not for a ${kind} model.`,
    ],
    [
      examples !== "scored" && kind !== "sentence-encoder",
      `examples: ${examples} are for a sentence encoder; set architecture: sentence-encoder.`,
    ],
  ]);
}

/**
 * Checks what could not be before the kind of model was known.
 * @throws StsError `INVALID_ARGUMENT`
 */
export function requireFitting(config: TrainConfig, kind: ModelKind): void {
  const problems = unfitting(config, kind);
  if (problems.length > 0) throw new StsError("INVALID_ARGUMENT", problems.join("\n"));
}

/** The head that was asked for; undefined leaves it to the model. */
export function headOf({ head, pooling }: TrainConfig): HeadConfig | undefined {
  const config = typeof head === "string" ? namedHeads[head] : head;
  if (pooling === undefined) return config;
  if (config === undefined || config.type === "family") return { type: "family", pooling };
  return config;
}

/**
 * The loss for a kind of model: what was asked for, or what fits the examples.
 * @throws StsError `INVALID_ARGUMENT`
 */
export function lossFor(config: TrainConfig, kind: ModelKind): CompiledLoss {
  const isSentenceEncoder = kind === "sentence-encoder";
  const natural = isSentenceEncoder ? "cosine-mse" : "mse";
  const otherwise = config.examples === "scored" ? natural : "multiple-negatives-ranking";
  const loss = compileLoss(config.loss ?? otherwise);
  if (loss.needsEmbeddings && !isSentenceEncoder) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `loss: ${loss.text} compares the vectors of sentences; set architecture: sentence-encoder.`,
    );
  }
  if (loss.output.type !== "regression" && kind !== "cross-encoder") {
    throw new StsError(
      "INVALID_ARGUMENT",
      `loss: ${loss.text} needs a head of its own, which a ${kind} model has not; choose another loss.`,
    );
  }
  return loss;
}

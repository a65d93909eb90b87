import { StsError } from "../foundation/errors.js";
import { compileLoss, type CompiledLoss } from "../losses/compile.js";
import { namedHeads, type HeadConfig } from "../models/heads/head-config.js";
import type { ModelKind } from "../models/sts-config.js";
import type { TrainConfig } from "./config.js";

const ensembles: readonly (string | undefined)[] = ["voting", "stacking"];

/** What is wrong with a configuration whose settings are each sound, a sentence each. */
export function contradictions(config: TrainConfig): string[] {
  const { model, members, architecture, examples, dev, fullTrain, patience } = config;
  const joins = ensembles.includes(architecture);
  return [
    [model === undefined && members === undefined, "model is required."],
    [model !== undefined && members !== undefined, "model and members exclude each other."],
    [members !== undefined && !joins, "members need architecture: voting or stacking."],
    [
      joins && members === undefined,
      `architecture: ${architecture} needs members; to train one that is saved, give its directory as model alone.`,
    ],
    [config.freezeMembers !== undefined && !joins, "freezeMembers is for voting and stacking."],
    [
      config.head !== undefined && architecture !== undefined && architecture !== "cross-encoder",
      `head is for a cross-encoder, not for architecture: ${architecture}.`,
    ],
    [config.pooling !== undefined && joins, "pooling is for a model with one encoder."],
    [
      config.pooling !== undefined && headOf(config)?.type === "tokens",
      "pooling is for the family's head: a head over tokens reads every token.",
    ],
    [
      config.evalSteps !== undefined && config.evalEpochs !== undefined,
      "evalSteps and evalEpochs exclude each other.",
    ],
    [
      config.saveSteps !== undefined && config.saveEpochs !== undefined,
      "saveSteps and saveEpochs exclude each other.",
    ],
    [fullTrain && patience !== undefined, "patience needs a validation, which fullTrain has not."],
    [
      examples !== "scored" && dev === undefined && !fullTrain,
      `dev is required with examples: ${examples}, whose rows have no scores to validate on.`,
    ],
  ].flatMap(([isWrong, problem]) => (isWrong ? [problem as string] : []));
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
  if (config.examples !== "scored" && !isSentenceEncoder) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `examples: ${config.examples} are for a sentence encoder; set architecture: sentence-encoder.`,
    );
  }
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

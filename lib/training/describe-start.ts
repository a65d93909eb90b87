import type { EvaluationSet } from "../evaluation/evaluate.js";
import type { CompiledLoss } from "../losses/compile.js";
import { isTruncated, type PairModel } from "../models/pair-model.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Parameters } from "../models/parameters.js";
import type { OptimisationConfig, TrainConfig } from "./config.js";
import type { Datasets } from "./datasets.js";
import type { StartEvent } from "./events.js";
import type { Plan } from "./loop/plan.js";

type Prepared = {
  config: TrainConfig;
  plan: Plan;
  model: PairModel;
  loss: CompiledLoss;
  data: Datasets;
  train: EvaluationSet;
  dev: EvaluationSet | null;
  frozen: ReadonlySet<string>;
  resumedFrom: number;
};

export function describeStart(prepared: Prepared): StartEvent {
  const { config, plan, model, data, train, dev, frozen, resumedFrom } = prepared;
  const encodings = [...train.encodings, ...(dev?.encodings ?? [])];
  return {
    steps: plan.steps,
    resumedFrom,
    epochs: config.epochs,
    pairs: {
      train: data.train.length,
      dev: data.dev?.length ?? null,
      test: data.test?.length ?? null,
    },
    devFromTrain: data.dev !== null && config.dev === undefined,
    truncated: encodings.filter(isTruncated).length,
    maxLength: model.maxLength,
    ...describeFrozen(model.parameters, frozen),
    initialised: model.initialised,
    skipped: data.skipped,
    warnings: warningsOf(prepared),
  };
}

/** What of a model is trained and what is not. */
export function describeFrozen(
  parameters: Parameters,
  frozen: ReadonlySet<string>,
): Pick<StartEvent, "parameters" | "frozenParameters" | "frozen"> {
  const isFrozen = ([name]: readonly [string, Tensor]) => frozen.has(name);
  const entries = [...parameters];
  return {
    parameters: sizeOf(entries.filter((entry) => !isFrozen(entry))),
    frozenParameters: sizeOf(entries.filter(isFrozen)),
    frozen: [...frozen],
  };
}

const sizeOf = (parameters: readonly (readonly [string, Tensor])[]): number =>
  parameters.reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0);

export const precisionWarnings = ({
  precision,
  device,
}: Pick<OptimisationConfig, "precision" | "device">): string[] =>
  precision === "fp16" && device === "cpu"
    ? ["fp16 is the slow type on a CPU, several times slower than fp32; bf16 is the fast one."]
    : [];

function warningsOf({ config, loss, data }: Prepared): string[] {
  const warnings = [...precisionWarnings(config), ...data.warnings];
  if (loss.couplesExamples && config.accumulation > 1) {
    warnings.push(
      `${loss.text} compares the examples of a batch: accumulation does not enlarge that batch.`,
    );
  }
  return warnings;
}

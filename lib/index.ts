/** The public API of sts-native. */
export { StsError, type ErrorCode } from "./foundation/errors.js";

export { Tensor } from "./tensor/tensor.js";
export { Generator } from "./tensor/generator.js";
export { scope } from "./tensor/scope.js";
export { noGrad } from "./tensor/context.js";
export { memory } from "./tensor/memory.js";
export { call, callInBackground, type Argument } from "./tensor/call.js";
export { ops } from "./tensor/ops.js";
export type { DType } from "./native/dtype.js";

export { Tokenizer, type Encoding } from "./text/tokenizer.js";
export type { LabelRange, Pair, SentencePair } from "./data/pair.js";
export type { BadRow } from "./data/bad-rows.js";
export { loadPairs, readPairs, type ReadOptions } from "./data/read-pairs.js";
export { writePredictions } from "./data/predictions.js";

export {
  CrossEncoder,
  type CrossEncoderOptions,
  type LoadOptions,
} from "./models/cross-encoder.js";
export type { Encoded, PairModel, PredictOptions } from "./models/pair-model.js";

export { evaluate, prepare, type EvaluationSet } from "./evaluation/evaluate.js";
export {
  meanAbsoluteError,
  meanSquaredError,
  pearson,
  similarityMetrics,
  spearman,
  type SimilarityMetrics,
} from "./evaluation/metrics.js";

export { Trainer, type TrainerSettings } from "./training/trainer.js";
export type { TrainConfig, TrainOptions } from "./training/config.js";
export type {
  EvaluationEvent,
  StartEvent,
  StepEvent,
  TrainerCallbacks,
} from "./training/events.js";
export type { TrainSummary } from "./training/summary.js";

/** The public API of sts-native. */
export { StsError, type ErrorCode } from "./foundation/errors.js";

export { Tensor } from "./tensor/tensor.js";
export { Generator } from "./tensor/generator.js";
export { scope } from "./tensor/scope.js";
export { autocast, noGrad, type AutocastType } from "./tensor/context.js";
export { memory } from "./tensor/memory.js";
export { call, callInBackground, type Argument } from "./tensor/call.js";
export { ops } from "./tensor/ops.js";
export type { DType } from "./native/dtype.js";

export { Tokenizer, type Encoding } from "./text/tokenizer.js";
export { Cleaner, type Cleaned } from "./text/cleaning/cleaner.js";
export {
  cleaningPresets,
  cleaningSchema,
  type CleaningOptions,
  type CleaningPreset,
  type CleaningRules,
} from "./text/cleaning/rules.js";
export type { ModelTokenizer } from "./text/model-tokenizer.js";
export {
  maskTokens,
  type MaskedEncoding,
  type MaskingFacts,
  type MaskingOptions,
} from "./text/masking.js";

export type { LabelRange, Pair, SentencePair } from "./data/pair.js";
export type { BadRow } from "./data/bad-rows.js";
export { loadPairs, readPairs, type ReadOptions } from "./data/read-pairs.js";
export { loadPairTable, type PairRow, type PairTable } from "./data/pair-table.js";
export { writeRows, type WrittenRow } from "./data/write-rows.js";
export {
  loadExamples,
  type Example,
  type ExampleKind,
  type ExampleOptions,
} from "./data/examples.js";
export {
  cleanPairFile,
  cleanPairFiles,
  type ChangedSentence,
  type CleanedFile,
  type CleanFileOptions,
} from "./data/clean-file.js";
export { sampleBuckets, type BucketTargets, type SampleOptions } from "./data/sampling.js";
export {
  samplePairFile,
  type SampledBucket,
  type SampledFile,
  type SampleFileOptions,
} from "./data/sample-file.js";
export {
  backTranslate,
  type BackTranslationOptions,
  type BackTranslations,
} from "./data/augmentation/back-translate.js";
export {
  type BackTranslatedPair,
  backTranslatedPairs,
  type BackTranslatedPairs,
  type KeptPairs,
  keepSimilar,
  type Similarity,
} from "./data/augmentation/back-translated-pairs.js";
export type { ChoiceOptions, MadePairs } from "./data/augmentation/choose.js";
export { identicalPairs } from "./data/augmentation/identical-pairs.js";
export { augmentedRows, type NewPair } from "./data/augmentation/new-pairs.js";
export { swappedPairs } from "./data/augmentation/swapped-pairs.js";
export {
  type Languages,
  type RequestLimits,
  TemporaryFailure,
  type Translator,
} from "./data/augmentation/translator.js";
export {
  HttpTranslator,
  type HttpTranslatorOptions,
} from "./data/augmentation/translators/http-translator.js";
export type { TranslatorName } from "./data/augmentation/translators/registry.js";
export {
  type TranslationOptions,
  type TranslationProgress,
  type Translations,
  translateTexts,
} from "./data/augmentation/translate-texts.js";
export { readTextLines, type TextLine } from "./data/text-lines.js";
export { kFold, scarceBuckets, stratifiedKFold } from "./data/folds.js";
export { writePredictions } from "./data/predictions.js";
export { loadPredictions, type LocatedPrediction } from "./data/read-predictions.js";
export { Random } from "./data/random.js";
export { describeData, type DescribeOptions } from "./data/description/describe-data.js";
export type { DataDescription, PredictionsDescription } from "./data/description/description.js";

export { compileLoss, type CompiledLoss } from "./losses/compile.js";
export { lossNames, type LossName } from "./losses/registry.js";
export type { HeadOutput } from "./losses/head-output.js";
export type { Loss, Outputs, ScoreLoss, Targets } from "./losses/loss.js";

export {
  CrossEncoder,
  type CrossEncoderOptions,
  type LoadOptions,
} from "./models/cross-encoder.js";
export type { EncodeOptions } from "./models/encode-sentences.js";
export type { HeadConfig } from "./models/heads/head-config.js";
export { loadModel, loadModels, type LoadModelOptions } from "./models/load-model.js";
export {
  MaskedLanguageModel,
  type MaskedLanguageModelOptions,
  type MaskedScore,
} from "./models/masked-language-model.js";
export type { Encoded, PairModel, PredictOptions } from "./models/pair-model.js";
export { loadTokenizer } from "./models/load-tokenizer.js";
export type { PoolingName } from "./models/pooling/registry.js";
export { pairSimilarities, type PairSimilarityOptions } from "./models/pair-similarities.js";
export { SentenceEncoder, type SentenceEncoderOptions } from "./models/sentence-encoder.js";
export { StackingModel } from "./models/stacking-model.js";
export type { TrainingPass } from "./models/training-pass.js";
export { VotingModel } from "./models/voting-model.js";

export { evaluate, prepare, type EvaluationSet } from "./evaluation/evaluate.js";
export {
  meanAbsoluteError,
  meanSquaredError,
  pearson,
  similarityMetrics,
  spearman,
  type SimilarityMetrics,
} from "./evaluation/metrics.js";
export {
  describePredictions,
  type DescribePredictionsOptions,
} from "./evaluation/predictions-description.js";

export { assess, type Assessment, type AssessOptions, type Gain } from "./ensemble/assess.js";
export { weightedMean } from "./ensemble/averages.js";
export type { Combination, Learn } from "./ensemble/cross-fit.js";
export { fitRidge, type Ridge, type RidgeOptions, ridgeScores } from "./ensemble/fit-ridge.js";
export { fitWeights } from "./ensemble/fit-weights.js";
export { loadLabelledMembers, loadMembers, type MatchOptions } from "./ensemble/load-members.js";
export { type Matching, matchRows, type ScoredRows } from "./ensemble/match.js";
export type { Members } from "./ensemble/members.js";
export { vote, type VoteMethod, type VoteOptions } from "./ensemble/vote.js";

export { Trainer, type TrainerSettings } from "./training/trainer.js";
export type { TrainConfig, TrainOptions } from "./training/config.js";
export type {
  EvaluationEvent,
  SaveEvent,
  StartEvent,
  StepEvent,
  TrainerCallbacks,
} from "./training/events.js";
export type { TrainSummary } from "./training/summary.js";
export { trainedModels } from "./training/trained-models.js";

export {
  benchmark,
  type Benchmark,
  type BenchmarkOptions,
} from "./training/benchmark/benchmark.js";
export type {
  Latency,
  PrecisionFigures,
  PredictionFigures,
  ScoreChange,
  Speed,
} from "./training/benchmark/figures.js";
export type { Recommendation } from "./training/benchmark/recommend.js";

export type {
  CrossValidationConfig,
  CrossValidationOptions,
} from "./training/cross-validation/config.js";
export {
  CrossValidation,
  type CrossValidationSettings,
} from "./training/cross-validation/cross-validation.js";
export type {
  CrossValidationCallbacks,
  CrossValidationStart,
  FoldStart,
} from "./training/cross-validation/events.js";
export type {
  CrossValidationSummary,
  FoldResult,
  Spread,
} from "./training/cross-validation/summary.js";

export type { SweepConfig, SweepOptions } from "./training/sweep/config.js";
export type { SweepCallbacks, SweepStart, TrialEnd, TrialStart } from "./training/sweep/events.js";
export type { SweepSpace } from "./training/sweep/space.js";
export type { FieldSummary, SweepSummary, TrialResult } from "./training/sweep/summary.js";
export { Sweep, type SweepSettings } from "./training/sweep/sweep.js";

export type { PretrainConfig, PretrainOptions } from "./training/pretraining/config.js";
export type { MaskedMetrics } from "./training/pretraining/masked-objective.js";
export {
  Pretrainer,
  type PretrainCallbacks,
  type PretrainerSettings,
  type PretrainStartEvent,
  type PretrainSummary,
} from "./training/pretraining/pretrainer.js";

export { edaPage } from "./reports/eda-page.js";
export {
  compareRuns,
  type CompareRunsOptions,
  type RunComparison,
} from "./reports/runs/compare-runs.js";
export type { Evaluation, RunLog, StepCurves } from "./reports/runs/read-log.js";
export type { Fold, Run, RunFigures } from "./reports/runs/run.js";
export type { ComparedSettings, DifferingSetting } from "./reports/runs/settings.js";
export { runsPage } from "./reports/runs-page.js";

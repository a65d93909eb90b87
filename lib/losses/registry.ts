import { angle } from "./angle.js";
import { bce } from "./bce.js";
import { contrastive } from "./contrastive.js";
import { cosent } from "./cosent.js";
import { cosineMse } from "./cosine-mse.js";
import { crossEntropy } from "./cross-entropy.js";
import { define, type LossDefinition, type ParameterDefinition } from "./definition.js";
import { huber } from "./huber.js";
import { l1 } from "./l1.js";
import type { Loss, ScoreLoss } from "./loss.js";
import { mse } from "./mse.js";
import { multipleNegativesRanking } from "./multiple-negatives-ranking.js";
import { pearson } from "./pearson.js";
import { smoothL1 } from "./smooth-l1.js";

const onScores =
  (loss: ScoreLoss): Loss =>
  ({ scores }, { labels }) =>
    loss(scores, labels);

const positive = (value: number, meaning: string): ParameterDefinition => ({
  default: value,
  range: { min: 0, max: Infinity, aboveMin: true },
  meaning,
});

const scale = positive(20, "the inverse temperature: what similarities are multiplied by");

const definitions = {
  l1: define({ needs: "scores", create: () => onScores(l1) }),
  mse: define({ needs: "scores", create: () => onScores(mse) }),
  huber: define({
    parameters: { delta: positive(1, "the error from which the loss is linear") },
    needs: "scores",
    create: ({ delta }) => onScores(huber(delta)),
  }),
  "smooth-l1": define({
    parameters: { beta: positive(1, "the error from which the loss is linear") },
    needs: "scores",
    create: ({ beta }) => onScores(smoothL1(beta)),
  }),
  pearson: define({ needs: "scores", couplesExamples: true, create: () => onScores(pearson) }),
  bce: define({
    needs: "logits",
    output: () => ({ type: "probability" }),
    create: () => bce,
  }),
  "cross-entropy": define({
    parameters: {
      buckets: {
        default: 6,
        range: { min: 2, max: 1000, integer: true },
        meaning: "how many values the label range is divided into",
      },
    },
    needs: "logits",
    output: ({ buckets }) => ({ type: "buckets", count: buckets }),
    create: ({ buckets }) => crossEntropy(buckets),
  }),
  "cosine-mse": define({ needs: "embeddings", create: () => cosineMse }),
  cosent: define({
    parameters: { scale },
    needs: "embeddings",
    couplesExamples: true,
    create: ({ scale }) => cosent(scale),
  }),
  angle: define({
    parameters: { scale },
    needs: "embeddings",
    couplesExamples: true,
    create: ({ scale }) => angle(scale),
  }),
  contrastive: define({
    parameters: {
      margin: {
        default: 0.5,
        range: { min: 0, max: 2, aboveMin: true },
        meaning: "the cosine distance from which dissimilar pairs are left alone",
      },
    },
    needs: "embeddings",
    create: ({ margin }) => contrastive(margin),
  }),
  "multiple-negatives-ranking": define({
    parameters: {
      scale,
      threshold: {
        default: 0.8,
        range: { min: 0, max: 1 },
        meaning: "the share of the label range from which a pair is similar",
      },
    },
    needs: "embeddings",
    couplesExamples: true,
    usesHardNegatives: true,
    create: ({ scale, threshold }) => multipleNegativesRanking(scale, threshold),
  }),
  // A function of two passes, which training makes: see r-drop.ts.
  "r-drop": define({ needs: "passes" }),
} satisfies Record<string, LossDefinition>;

export type LossName = keyof typeof definitions;

/** The losses by the names that an expression gives them. */
export const lossDefinitions: Readonly<Record<LossName, LossDefinition>> = definitions;

export const lossNames = Object.keys(definitions) as [LossName, ...LossName[]];

import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { expressionError } from "./expression/error.js";
import { parseLoss, type LossExpression, type LossTerm } from "./expression/parse.js";
import { outputsOf, type HeadOutput } from "./head-output.js";
import type { Loss, Outputs } from "./loss.js";
import { rDrop } from "./r-drop.js";
import { lossDefinitions } from "./registry.js";

/** A loss expression, ready for training. */
export type CompiledLoss = {
  /** The expression in one spelling, with every parameter written out; compiles to the same. */
  text: string;
  /** What the model's head must put out for it. */
  output: HeadOutput;
  /** The weight of the R-Drop term; 0 without one. */
  rDrop: number;
  /** Whether some term needs the embeddings of a sentence encoder. */
  needsEmbeddings: boolean;
  /** Whether some term compares the examples of a batch, so that accumulation does not enlarge it. */
  couplesExamples: boolean;
  /** How many texts of an example a term can use: 2, or Infinity where hard negatives count. */
  maxTexts: number;
  /** The weighted sum of the terms but R-Drop, a scalar. */
  compute: Loss;
  /**
   * The regulariser between two passes with different dropout over the same batch, a scalar that
   * `rDrop` is still to be multiplied with.
   */
  consistency: (first: Outputs, second: Outputs) => Tensor;
};

/**
 * @param text such as `l1 + huber` or `0.5*cosent(scale=20) + r-drop`; see {@link parseLoss}
 * @throws StsError `INVALID_ARGUMENT` with the column of a mistake, also where two terms need models
 * that differ, and where there is no term but R-Drop
 */
export function compileLoss(text: string): CompiledLoss {
  const expression = parseLoss(text);
  const definitions = expression.terms.map(({ name }) => lossDefinitions[name]);
  const output = requiredOutput(expression);
  const regularise = rDrop(output);
  return {
    text: expression.terms.map(toText).join(" + "),
    output,
    rDrop: expression.terms.filter(isRDrop).reduce((sum, { weight }) => sum + weight, 0),
    needsEmbeddings: definitions.some(({ needs }) => needs === "embeddings"),
    couplesExamples: definitions.some(({ couplesExamples }) => couplesExamples),
    maxTexts: definitions.some(({ usesHardNegatives }) => usesHardNegatives) ? Infinity : 2,
    compute: weightedSum(expression),
    consistency: (first, second) => scope(() => regularise(first, second)),
  };
}

const isRDrop = ({ name }: LossTerm): boolean => name === "r-drop";

function weightedSum({ text, terms }: LossExpression): Loss {
  const parts = terms.flatMap(({ weight, name, parameters }) => {
    const loss = lossDefinitions[name].create?.(parameters);
    return loss ? [{ weight, loss }] : [];
  });
  if (parts.length === 0) {
    const problem = `"r-drop" only regularises. Add a loss to it, as in "mse + r-drop".`;
    throw expressionError(text, terms[0]!.column, problem);
  }
  return (outputs, targets) =>
    scope(() =>
      parts
        .map(({ weight, loss }) => ops.scale(loss(outputs, targets), weight))
        .reduce((sum, part) => ops.add(sum, part)),
    );
}

/** The output that suits all terms, of which each may need a model of its own kind. */
function requiredOutput({ text, terms }: LossExpression): HeadOutput {
  let first: { term: LossTerm; model: Model } | undefined;
  for (const term of terms) {
    const model = modelFor(term);
    if (!model) continue;
    first ??= { term, model };
    if (model.description === first.model.description) continue;
    const needs = `${withoutWeight(term)} needs ${model.description}`;
    const other = `${withoutWeight(first.term)} needs ${first.model.description}`;
    throw expressionError(text, term.column, `${needs}, but ${other}. Leave one of them out.`);
  }
  return first?.model.output ?? { type: "regression" };
}

type Model = { output: HeadOutput; description: string };

/** What a term needs, null where any model will do. */
function modelFor({ name, parameters }: LossTerm): Model | null {
  const definition = lossDefinitions[name];
  if (definition.needs === "embeddings") {
    return { output: { type: "regression" }, description: "a sentence encoder" };
  }
  const output = definition.output?.(parameters);
  if (!output) return null;
  const count = outputsOf(output);
  return { output, description: `a head with ${count === 1 ? "one logit" : `${count} outputs`}` };
}

const withoutWeight = (term: LossTerm): string => toText({ ...term, weight: 1 });

function toText({ weight, name, parameters }: LossTerm): string {
  const list = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  const factor = weight === 1 ? "" : `${weight}*`;
  return `${factor}${name}${list.length > 0 ? `(${list.join(", ")})` : ""}`;
}

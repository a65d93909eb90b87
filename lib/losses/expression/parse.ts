import { suggestion } from "../../foundation/suggestion.js";
import { describeRange, isInRange, type ParameterRange } from "../definition.js";
import { lossDefinitions, lossNames, type LossName } from "../registry.js";
import { expressionError } from "./error.js";
import { parseSyntax, type TermSyntax } from "./syntax.js";
import type { Token } from "./tokens.js";

export type LossTerm = {
  /** Finite and above 0. */
  weight: number;
  name: LossName;
  /** All that the loss takes, in the registry's order. */
  parameters: Readonly<Record<string, number>>;
  /** Where the name stands in the text, 1-based. */
  column: number;
};

export type LossExpression = { text: string; terms: readonly LossTerm[] };

/**
 * Reads a sum of losses, each with an optional weight and parameters, such as
 * `0.7*mse + 0.3*huber(delta=0.5)`. White space is free; a loss may occur more than once.
 * @throws StsError `INVALID_ARGUMENT` with the column of a mistake: in the grammar, an unknown loss
 * or parameter, a number out of its range
 */
export const parseLoss = (text: string): LossExpression => ({
  text,
  terms: parseSyntax(text).map((syntax) => toTerm(text, syntax)),
});

function toTerm(text: string, syntax: TermSyntax): LossTerm {
  const { name: token } = syntax;
  const weight = toWeight(text, syntax.weight);
  const name = lossNames.find((known) => known === token.text);
  if (!name) {
    throw expressionError(text, token.column, `there is no loss ${named(token, lossNames)}`);
  }
  return { weight, name, parameters: toParameters(text, name, syntax), column: token.column };
}

function toWeight(text: string, token: Token | null): number {
  if (!token) return 1;
  const weight = Number(token.text);
  if (weight > 0 && weight < Infinity) return weight;
  throw expressionError(
    text,
    token.column,
    `expected a weight above 0 and finite, got ${token.text}.`,
  );
}

function toParameters(text: string, name: LossName, { parameters }: TermSyntax) {
  const known = lossDefinitions[name].parameters;
  const given = new Map<string, number>();
  for (const { name: token, value } of parameters) {
    const key = token.text;
    const definition = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!definition) {
      const problem = `${JSON.stringify(name)} has no parameter ${named(token, Object.keys(known))}`;
      throw expressionError(text, token.column, problem);
    }
    if (given.has(key)) throw expressionError(text, token.column, `${key} is given twice.`);
    given.set(key, toValue(text, key, value, definition.range));
  }
  return Object.fromEntries(
    Object.entries(known).map(([key, definition]) => [key, given.get(key) ?? definition.default]),
  );
}

function toValue(text: string, key: string, token: Token, range: ParameterRange): number {
  const value = Number(token.text);
  if (isInRange(value, range)) return value;
  const expected = `${describeRange(range)} for ${key}`;
  throw expressionError(text, token.column, `expected ${expected}, got ${token.text}.`);
}

/** The wrong name, and the nearest right one or all of them. */
function named({ text }: Token, known: readonly string[]): string {
  const names = known.length > 0 ? ` Choose from ${known.join(", ")}.` : " It has none.";
  return `${JSON.stringify(text)}.${suggestion(text.toLowerCase(), known) || names}`;
}

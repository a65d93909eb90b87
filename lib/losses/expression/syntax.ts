import { expressionError } from "./error.js";
import { tokenize, type Token } from "./tokens.js";

/** A term as it is written, before anyone asks whether there is such a loss. */
export type TermSyntax = {
  weight: Token | null;
  name: Token;
  parameters: readonly ParameterSyntax[];
};

export type ParameterSyntax = { name: Token; value: Token };

/**
 * Reads `term { "+" term }`, where a term is
 * `[number "*"] name ["(" [name "=" number { "," name "=" number }] ")"]`.
 * @throws StsError `INVALID_ARGUMENT` with the column of what does not fit
 */
export function parseSyntax(text: string): TermSyntax[] {
  const reader = new Reader(text);
  const terms = [term(reader)];
  while (reader.accept("+")) terms.push(term(reader));
  reader.expect("end", terms.at(-1)!.parameters.length > 0 ? `"+"` : `"+" or "("`);
  return terms;
}

function term(reader: Reader): TermSyntax {
  const weight = reader.next.kind === "number" ? reader.take() : null;
  if (weight) reader.expect("*", `"*" after the weight`);
  const name = reader.expect("name", weight ? "the name of a loss" : "a loss or its weight");
  return { weight, name, parameters: reader.accept("(") ? parameters(reader) : [] };
}

function parameters(reader: Reader): ParameterSyntax[] {
  if (reader.accept(")")) return [];
  const found = [parameter(reader)];
  while (reader.accept(",")) found.push(parameter(reader));
  reader.expect(")", `"," or ")"`);
  return found;
}

function parameter(reader: Reader): ParameterSyntax {
  const name = reader.expect("name", "the name of a parameter");
  reader.expect("=", `"=" after the parameter's name`);
  return { name, value: reader.expect("number", "a number") };
}

class Reader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(readonly text: string) {
    this.#tokens = tokenize(text);
  }

  get next(): Token {
    return this.#tokens[this.#position]!;
  }

  take(): Token {
    return this.#tokens[this.#position++]!;
  }

  accept(symbol: string): boolean {
    const isThere = this.next.kind === "symbol" && this.next.text === symbol;
    if (isThere) this.take();
    return isThere;
  }

  /** @param wanted a kind of token or a symbol */
  expect(wanted: string, description: string): Token {
    const { kind, text, column } = this.next;
    if (kind === wanted || (kind === "symbol" && text === wanted)) return this.take();
    const found = kind === "end" ? "the end" : JSON.stringify(text);
    throw expressionError(this.text, column, `expected ${description}, found ${found}.`);
  }
}

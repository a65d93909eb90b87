import { StsError } from "../../foundation/errors.js";

/**
 * The error for a loss expression, which it shows with a caret under the place.
 * @param column 1-based
 */
export function expressionError(text: string, column: number, problem: string): StsError {
  // Line breaks and tabs would move the caret away from its place.
  const line = text.replaceAll(/\s/g, " ");
  const caret = `${" ".repeat(column - 1)}^`;
  return new StsError(
    "INVALID_ARGUMENT",
    `loss: column ${column}: ${problem}\n  ${line}\n  ${caret}`,
  );
}

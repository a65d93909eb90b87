import { invalidArgument } from "../foundation/errors.js";

/**
 * Tokens of an input at most: what was asked for, or the model's own, within the limit of its
 * positions.
 * @param own what the model was used with before, or what its tokenizer names, which is no limit
 */
export function chooseMaxLength(
  asked: number | undefined,
  own: number | undefined,
  limit: number,
): number {
  if (asked === undefined) return Math.min(own ?? limit, limit);
  if (Number.isInteger(asked) && asked >= 1 && asked <= limit) return asked;
  throw invalidArgument("maxLength", `an integer from 1 to the model's limit of ${limit}`, asked);
}

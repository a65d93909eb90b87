import { StsError } from "../../foundation/errors.js";

/**
 * The names in which a regular expression is found.
 * @param setting what the pattern was given as, for the message
 * @throws StsError `INVALID_ARGUMENT` for a pattern that is no regular expression or fits no name
 */
export function namesMatching(
  pattern: string,
  names: readonly string[],
  setting: string,
): string[] {
  const expression = parse(pattern, setting);
  const found = names.filter((name) => expression.test(name));
  if (found.length > 0) return found;
  const examples = [names[0], names[Math.floor(names.length / 2)], names.at(-1)];
  throw new StsError(
    "INVALID_ARGUMENT",
    `${setting}: no parameter's name matches ${JSON.stringify(pattern)}. Names are such as ${examples.join(", ")}.`,
  );
}

function parse(pattern: string, setting: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `${setting}: ${JSON.stringify(pattern)} is not a regular expression: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

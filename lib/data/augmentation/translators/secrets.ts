import { StsError } from "../../../foundation/errors.js";
import type { TranslationApi } from "./translation-api.js";

/**
 * The keys of a service, from the environment alone.
 * @returns in the order of its variables; empty where it needs none and none is set
 * @throws StsError `INVALID_ARGUMENT`, naming the variable and never its value
 */
export function readKeys({ title, variables, keysAreOptional }: TranslationApi): string[] {
  const keys = variables.map((variable) => process.env[variable]?.trim() ?? "");
  const missing = variables.filter((_, i) => keys[i] === "");
  if (missing.length > 0 && keysAreOptional) return [];
  if (missing.length > 0) {
    const names = missing.join(" and ");
    throw new StsError(
      "INVALID_ARGUMENT",
      `${title} needs a key: set ${names} in the environment; it is taken from nowhere else.`,
    );
  }
  const odd = variables.find((_, i) => !/^[\x21-\x7e]+$/.test(keys[i]!));
  if (odd === undefined) return keys;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${odd}: expected a key, letters and digits in one line; it has other characters.`,
  );
}

/** A part of a key of this length says too much. */
const longestPart = 5;

const lowerCase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** The text without any key, or part of one, in whatever case. */
export function redact(text: string, keys: readonly string[]): string {
  const folded = lowerCase(text);
  const hidden = new Array<boolean>(text.length).fill(false);
  for (const key of keys.flatMap((each) => [each, encodeURIComponent(each)]).map(lowerCase)) {
    const length = Math.min(longestPart + 1, key.length);
    for (let start = 0; start + length <= key.length; start++) {
      const part = key.slice(start, start + length);
      for (let at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + 1)) {
        hidden.fill(true, at, at + length);
      }
    }
  }
  const shown = [...hidden.keys()].map((i) => (hidden[i] ? (hidden[i - 1] ? "" : "***") : text[i]));
  return shown.join("");
}

import { isVisible } from "../../text/visible.js";

/**
 * A translation as a sentence of a data file: runs of white space, line ends too, become a space.
 * @returns undefined where nothing is left to read, or what no file can hold
 */
export function tidy(translation: string): string | undefined {
  const text = translation.replace(/\s+/g, " ").trim();
  return isVisible(text) && !/[\0\p{Surrogate}]/u.test(text) ? text : undefined;
}

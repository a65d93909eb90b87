import type { RequestLimits } from "./translator.js";

/** Unicode code points, as services count characters. */
export const characters = (text: string): number => Array.from(text).length;

/**
 * Divides texts into requests, in their order.
 * @param texts none longer than a request may be
 */
export function batchTexts(texts: readonly string[], limits: RequestLimits): string[][] {
  const batches: string[][] = [];
  let size = Infinity;
  for (const text of texts) {
    const length = characters(text);
    const batch = batches.at(-1);
    if (batch && batch.length < limits.texts && size + length <= limits.characters) {
      batch.push(text);
      size += length;
    } else {
      batches.push([text]);
      size = length;
    }
  }
  return batches;
}

import { closest, distance } from "fastest-levenshtein";

/** ` Did you mean "x"?` for a misspelled name, or an empty string when nothing is near. */
export function suggestion(wrong: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(wrong, known);
  const near = distance(wrong, nearest) <= Math.max(2, Math.floor(wrong.length / 3));
  return near ? ` Did you mean ${JSON.stringify(nearest)}?` : "";
}

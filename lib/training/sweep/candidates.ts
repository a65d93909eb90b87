import type { Random } from "../../data/random.js";
import type { FieldValue, SweepField } from "./space.js";
import { countOf, drawValue, valueAt } from "./values.js";

/** Values by the paths of the settings that are searched. */
export type Candidate = Record<string, FieldValue>;

export type Fields = Readonly<Record<string, SweepField>>;

/** How many candidates there are; Infinity where a range has no step. */
export const sizeOf = (fields: Fields): number =>
  Object.values(fields).reduce((size, field) => size * countOf(field), 1);

/** Every combination of values, those of the last field changing fastest. The size is finite. */
export function everyCandidate(fields: Fields): Candidate[] {
  return Object.entries(fields).reduce<Candidate[]>(
    (candidates, [path, field]) =>
      candidates.flatMap((candidate) =>
        Array.from({ length: countOf(field) }, (_, i) => ({
          ...candidate,
          [path]: valueAt(field, i),
        })),
      ),
    [{}],
  );
}

/**
 * Candidates drawn at random, field by field. Of a finite space none is drawn twice, and all are
 * taken where it has no more than `n`.
 * @see Bergstra and Bengio (2012), "Random Search for Hyper-Parameter Optimization"
 */
export function drawCandidates(fields: Fields, n: number, random: Random): Candidate[] {
  const size = sizeOf(fields);
  if (size <= n) return everyCandidate(fields);
  const drawn = new Map<string, Candidate>();
  while (drawn.size < n) {
    const values = Object.entries(fields).map(
      ([path, field]) => [path, drawValue(field, random)] as const,
    );
    const candidate = Object.fromEntries(values);
    // Of an infinite space two may be equal only by their rounding.
    const key = size === Infinity ? String(drawn.size) : JSON.stringify(candidate);
    drawn.set(key, candidate);
  }
  return [...drawn.values()];
}

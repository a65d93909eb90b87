import { describe, StsError } from "../foundation/errors.js";
import { select } from "./members.js";

/** The scores or the labels of a file, row by row. */
export type ScoredRows = {
  /** Names the file in errors. */
  path: string;
  ids: readonly string[];
  /** The 1-based line of each row. */
  lines: readonly number[];
  /** [ids.length] */
  scores: ArrayLike<number>;
};

/**
 * How the rows of several files are matched:
 * - `id`: by their ids, which are unique, in whatever order
 * - `order`: by their places, where ids repeat; the ids are still compared
 */
export const matchings = ["id", "order"] as const;
export type Matching = (typeof matchings)[number];

/**
 * The scores of several files in the order of the first one's rows.
 * @returns for each file [n], the first file's as they are
 * @throws StsError `INVALID_DATA` for files that do not have the same ids, naming file, line and id
 */
export function matchRows(files: readonly ScoredRows[], by: Matching = "id"): Float64Array[] {
  const [first, ...others] = files;
  if (first === undefined) return [];
  const placed = by === "id" ? placesById(first, others) : placesByOrder(first, others);
  return [Float64Array.from(first.scores), ...placed];
}

function placesById(first: ScoredRows, others: readonly ScoredRows[]): Float64Array[] {
  const firstPlaces = placesOf(first);
  return others.map((other) => {
    const places = placesOf(other);
    const lacking = first.ids.filter((id) => !places.has(id));
    const strange = other.ids.filter((id) => !firstPlaces.has(id));
    if (lacking.length + strange.length > 0) {
      throw different(other, first, [
        ...described("lacks", lacking, first, firstPlaces),
        ...described("has too many:", strange, other, places),
      ]);
    }
    return select(
      other.scores,
      Uint32Array.from(first.ids, (id) => places.get(id)!),
    );
  });
}

/** @throws StsError `INVALID_DATA` for an id that is there twice */
function placesOf({ path, ids, lines }: ScoredRows): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, id] of ids.entries()) {
    const earlier = places.get(id);
    if (earlier !== undefined) {
      throw new StsError(
        "INVALID_DATA",
        `${path}:${lines[place]!}: the id ${describe(id)} is on line ${lines[earlier]!} already, so ` +
          "that rows cannot be matched by their ids. Where all files have the same rows in the same " +
          "order, give --match order.",
      );
    }
    places.set(id, place);
  }
  return places;
}

/** As many ids are spelt out in an error. */
const mostListed = 3;

function described(
  what: string,
  ids: readonly string[],
  { path, lines }: ScoredRows,
  places: ReadonlyMap<string, number>,
): string[] {
  if (ids.length === 0) return [];
  const shown = ids.slice(0, mostListed).map((id) => {
    const line = lines[places.get(id)!]!;
    return `${describe(id)} (${path}:${line})`;
  });
  const rest = ids.length - shown.length;
  return [`it ${what} ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`];
}

function placesByOrder(first: ScoredRows, others: readonly ScoredRows[]): Float64Array[] {
  return others.map((other) => {
    if (other.ids.length !== first.ids.length) {
      const rows = `it has ${other.ids.length} rows, not ${first.ids.length}`;
      throw different(other, first, [rows]);
    }
    const place = other.ids.findIndex((id, i) => id !== first.ids[i]);
    if (place === -1) return Float64Array.from(other.scores);
    const found = `${describe(other.ids[place])} (${other.path}:${other.lines[place]!})`;
    const wanted = `${describe(first.ids[place])} (${first.path}:${first.lines[place]!})`;
    throw different(other, first, [`it has ${found} in the place of ${wanted}`]);
  });
}

function different(other: ScoredRows, first: ScoredRows, problems: readonly string[]): StsError {
  return new StsError(
    "INVALID_DATA",
    `${other.path} and ${first.path} are not of the same pairs: ${problems.join("; ")}. ` +
      "Give files that were made from the same data.",
  );
}

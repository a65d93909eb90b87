import type {
  DataDescription,
  FileDescription,
  PairsDescription,
} from "../../data/description/description.js";
import { count } from "../format.js";
import { type Content, html, type Markup } from "../markup.js";
import { details } from "../parts.js";
import { shortNames } from "../short-names.js";
import { type Column, table } from "../table.js";

/** A file, or all together, under the name by which a page calls it. */
export type Described = { name: string; pairs: PairsDescription; file: FileDescription | null };

/** The files, and all together where there are several. */
export function allDescribed({ files, all }: DataDescription): Described[] {
  const each = fileDescriptions(files);
  return files.length === 1 ? each : [...each, { name: "all", pairs: all.pairs, file: null }];
}

/** Each file by a name that is short. */
export function fileDescriptions(
  files: readonly FileDescription[],
): (Described & { file: FileDescription })[] {
  const names = shortNames(files.map(({ path }) => path));
  return files.map((file, i) => ({ name: names[i]!, pairs: file.pairs, file }));
}

export type Place = { path: string; line: number };

type PairExample = Place & { sentence1: string; sentence2: string; label: number | null };

/** How a page calls files and places in them; their whole paths are on it once, in its overview. */
export class FileNames {
  readonly #names: ReadonlyMap<string, string>;

  constructor(paths: readonly string[]) {
    const names = shortNames(paths);
    this.#names = new Map(paths.map((path, i) => [path, names[i]!]));
  }

  of(path: string): string {
    return this.#names.get(path) ?? path;
  }

  /** `train.csv:12`. */
  place({ path, line }: Place): Markup {
    return html`<code>${this.of(path)}:${line}</code>`;
  }

  /** Places with a comma between them; null where there is none. */
  places(places: readonly Place[]): Content {
    return places.length === 0
      ? null
      : places.map((each, i) => [i === 0 ? null : ", ", this.place(each)]);
  }

  /** The cells of {@link pairColumns}. */
  pair(pair: PairExample): Content[] {
    return [this.place(pair), pair.sentence1, pair.sentence2, pair.label];
  }
}

/** A folded table of what was found, of which there may be more than is listed. */
export function examples(
  of: string,
  total: number,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Markup | null {
  if (rows.length === 0) return null;
  const listed = rows.length < total ? `${count(rows.length)} of ${count(total)}` : count(total);
  const caption = `${of}: ${listed}`;
  return details(caption, table({ caption, columns, rows }));
}

export const pairColumns: readonly Column[] = [
  { name: "where" },
  { name: "first sentence" },
  { name: "second sentence" },
  { name: "label", numeric: true },
];

/** `3 pairs (0.1 %)`, and a dash for none. */
export const part = (value: number, whole: number): Content =>
  value === 0 ? null : html`${count(value)} <small>${((100 * value) / whole).toFixed(1)} %</small>`;

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

/** How a place in a file is written; the whole path is on the page once, with the files. */
export type Place = { path: string; line: number };

export const place = ({ path, line }: Place): Markup =>
  html`<code>${path.split(/[/\\]/).at(-1)!}:${line}</code>`;

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

export const pairCells = (
  pair: Place & {
    sentence1: string;
    sentence2: string;
    label: number | null;
  },
): Content[] => [place(pair), pair.sentence1, pair.sentence2, pair.label];

/** `3 pairs (0.1 %)`, and a dash for none. */
export const part = (value: number, whole: number): Content =>
  value === 0 ? null : html`${count(value)} <small>${((100 * value) / whole).toFixed(1)} %</small>`;

import type { BackTranslations } from "../data/augmentation/back-translate.js";
import { count, grid, table } from "./format.js";

/** What back-translation came to, as `--json` has it. */
export type BackTranslationResult = {
  pairs: number;
  skipped: number;
  translator: string;
  from: string;
  via: string;
  cache: string;
  there: BackTranslations["there"];
  back: BackTranslations["back"];
  missing: number;
  unchanged: number;
  files: {
    threshold: number;
    below: number;
    repeated: number;
    kept: number;
    rows: number;
    output: string;
  }[];
};

/** What was translated, what of it can be used, and a row for each data set. */
export function reportBackTranslation(result: BackTranslationResult): string {
  const { from, via, there, back, files } = result;
  const damaged = there.damaged + back.damaged;
  const figures: [string, string][] = [
    [`${from} to ${via}`, describe(there)],
    [`${via} to ${from}`, describe(back)],
    ["pairs", count(result.pairs)],
    ["  one sentence without a back-translation", count(result.missing)],
    ["  both sentences came back unchanged", count(result.unchanged)],
  ];
  const rows = files.map(({ threshold, below, repeated, kept, rows, output }) => [
    output,
    String(threshold),
    ...[below, repeated, kept, rows].map(count),
  ]);
  return [
    table(figures),
    ...(damaged > 0 ? [`${count(damaged)} damaged lines of the cache were left out`] : []),
    "",
    grid([["written", "threshold", "below", "repeated", "kept", "rows"], ...rows]),
  ].join("\n");
}

function describe({ asked, cached, tooLong }: BackTranslations["there"]): string {
  const long = tooLong > 0 ? `, ${count(tooLong)} too long` : "";
  return `${count(asked)} translated, ${count(cached)} known before${long}`;
}

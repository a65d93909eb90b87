import type {
  DataDescription,
  LengthLimit,
  Lengths,
  LengthDescription,
  PairsDescription,
  TokenDescription,
} from "../data/description/description.js";
import { decimals, nameText, of, part, short, type Line } from "./eda-columns.js";
import { count, percent } from "./format.js";

/** @param name what is counted */
export const lengthLines = (
  name: string,
  lengthsOf: (pairs: PairsDescription) => LengthDescription | null,
): Line[] =>
  (["sentence", "pair"] as const).flatMap((whole): Line[] => {
    const cell = (figure: (lengths: Lengths) => string) =>
      of((pairs) => lengthsOf(pairs)?.[whole] ?? null, figure);
    return [
      [
        `${name} of a ${whole}`,
        cell(({ mean, sd }) => `${mean.toFixed(1)} ± ${sd?.toFixed(1) ?? "-"}`),
      ],
      [
        "  p50 p90 p99 max",
        cell(({ p50, p90, p99, max }) => [p50, p90, p99, max].map(short).join(" ")),
      ],
    ];
  });

export function tokenLines({ all: { pairs } }: DataDescription): Line[] {
  if (pairs.tokens === null) return [];
  const line = (name: string, figure: (tokens: TokenDescription) => string): Line => [
    name,
    of(({ tokens }) => tokens, figure),
  ];
  return [
    ...lengthLines("tokens", ({ tokens }) => tokens),
    line("  unknown", ({ unknown: { tokens, share } }) =>
      tokens === 0 ? "-" : `${count(tokens)} (${percent(share)})`,
    ),
    ...pairs.tokens.limits.map((limit, i) =>
      line(`  pairs cut at ${limitName(limit)}`, ({ limits, pair: { n } }) =>
        part(limits[i]!.pairs, n),
      ),
    ),
  ];
}

const limitName = ({ maxLength, of: reasons }: LengthLimit): string =>
  reasons.includes("model") ? `${maxLength}, the model's` : String(maxLength);

export function sourceLines({ all: { pairs } }: DataDescription): Line[] {
  const { sources } = pairs;
  if (sources === null) return [];
  const ofSource = (source: string | null): Line[1] =>
    of(
      (own) => own.sources?.listed.find((each) => each.source === source) ?? null,
      ({ n, labelMean }) => count(n) + (labelMean === null ? "" : `, mean ${decimals(labelMean)}`),
    );
  return [
    [
      "sources",
      of(
        (own) => own.sources,
        ({ distinct }) => count(distinct),
      ),
    ],
    ...sources.listed.map(({ source }): Line => [`  ${nameText(source)}`, ofSource(source)]),
  ];
}

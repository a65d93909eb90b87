import type { ModelTokenizer } from "../../text/model-tokenizer.js";
import type { LabelRange } from "../pair.js";
import type { DataFile, DataRow } from "./data-file.js";
import type { LabelDescription, PairsDescription } from "./description.js";
import { findDuplicates, type Search } from "./duplicates.js";
import { findLengthRatios } from "./length-ratios.js";
import { describeLengths, describeTokens } from "./lengths.js";
import type { Measures } from "./measure.js";
import { describeSources } from "./sources.js";
import { bucketsOf, histogramOf, momentsOf } from "./statistics.js";

/** What pairs are described with. */
export type PairsContext = Search & {
  measures: Measures;
  labelRange: LabelRange;
  tokenizer: ModelTokenizer | undefined;
  maxLength: number | undefined;
};

/** @param files whose pairs are taken together, in order */
export async function describePairs(
  files: readonly DataFile[],
  context: PairsContext,
): Promise<PairsDescription> {
  const { slice, measures } = context;
  const pairs = files.length === 1 ? files[0]!.pairs : files.flatMap((file) => file.pairs);
  const hasSources = files.some(({ fields }) => fields.source !== undefined);
  const duplicates = await findDuplicates(files, context);
  const lengthRatios = await findLengthRatios(pairs, measures.characters, context);
  const labels = describeLabels(pairs, context.labelRange);
  await slice.rest();
  const characters = describeLengths(pairs, measures.characters);
  await slice.rest();
  const tokens = describeMeasured(pairs, context);
  await slice.rest();
  const sources = hasSources ? describeSources(pairs) : null;
  return { n: pairs.length, labels, duplicates, characters, tokens, sources, lengthRatios };
}

function describeLabels(pairs: readonly DataRow[], range: LabelRange): LabelDescription | null {
  const labels = pairs.flatMap(({ pair }) => pair.label ?? []);
  const moments = momentsOf(labels);
  return (
    moments && {
      ...moments,
      unlabelled: pairs.length - labels.length,
      histogram: histogramOf(labels, range),
      buckets: bucketsOf(labels, range),
    }
  );
}

function describeMeasured(
  pairs: readonly DataRow[],
  { tokenizer, maxLength, measures: { tokens, unknown } }: PairsContext,
) {
  if (tokenizer === undefined || tokens === null || unknown === null) return null;
  return describeTokens(pairs, { tokens, unknown }, tokenizer, maxLength);
}

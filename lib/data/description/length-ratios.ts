import type { TimeSlice } from "../../foundation/time-slice.js";
import { Leading } from "./collect.js";
import type { DataRow } from "./data-file.js";
import type { LengthRatios } from "./description.js";
import { forEach } from "./for-each.js";
import { exampleOf } from "./repetition.js";

type Candidate = { row: DataRow; ratio: number; characters: [number, number] };

/** @param lengths characters of sentences, by their number */
export async function findLengthRatios(
  pairs: readonly DataRow[],
  lengths: Int32Array,
  { examples, slice }: { examples: number; slice: TimeSlice },
): Promise<LengthRatios> {
  const longest = (a: Candidate, b: Candidate) => sum(b) - sum(a);
  const similar = new Leading<Candidate>(examples, (a, b) => b.ratio - a.ratio || longest(a, b));
  const dissimilar = new Leading<Candidate>(examples, (a, b) => a.ratio - b.ratio || longest(a, b));
  await forEach(pairs, slice, (row) => {
    if (row.first === row.second) return;
    const [a, b] = [lengths[row.first]!, lengths[row.second]!];
    const candidate: Candidate = {
      row,
      ratio: Math.min(a, b) / Math.max(a, b),
      characters: [a, b],
    };
    similar.add(candidate);
    dissimilar.add(candidate);
  });
  return { mostSimilar: similar.items.map(toRatio), mostDissimilar: dissimilar.items.map(toRatio) };
}

const sum = ({ characters: [a, b] }: Candidate): number => a + b;

const toRatio = ({ row, ratio, characters }: Candidate) => ({
  ...exampleOf(row),
  ratio,
  characters,
});

import type { DataFile, DataRow } from "./data-file.js";
import { Leading } from "./collect.js";
import type { Conflict, Found } from "./description.js";
import type { Search } from "./duplicates.js";
import { forEach } from "./for-each.js";
import { placeOf } from "./repetition.js";

/** As many rows of a conflict are named. */
const mostRows = 10;

/** Pairs, in whichever order of their sentences, that have more than one label. */
export async function findConflicts(
  files: readonly DataFile[],
  search: Search,
): Promise<Found<Conflict>> {
  const { numbers, slice, examples } = search;
  const pairOf = ({ first, second }: DataRow) =>
    numbers.pair(Math.min(first, second), Math.max(first, second));
  const labels = new Map<number, number>();
  const conflicting = new Map<number, DataRow[]>();
  for (const { pairs } of files) {
    await forEach(pairs, slice, (row) => {
      const { label } = row.pair;
      if (label === null) return;
      const pair = pairOf(row);
      const earlier = labels.get(pair);
      if (earlier === undefined) labels.set(pair, label);
      else if (earlier !== label) conflicting.set(pair, []);
    });
  }
  for (const { pairs } of files) {
    await forEach(pairs, slice, (row) => {
      if (row.pair.label !== null) conflicting.get(pairOf(row))?.push(row);
    });
  }
  const leading = new Leading<Conflict>(examples, (a, b) => b.spread - a.spread);
  await forEach([...conflicting.values()], slice, (rows) => leading.add(conflictOf(rows)));
  return { count: conflicting.size, examples: leading.items };
}

function conflictOf(rows: readonly DataRow[]): Conflict {
  const { sentence1, sentence2 } = rows[0]!.pair;
  const labels = rows.map(({ pair }) => pair.label!);
  const [least, greatest] = labels.reduce(
    ([low, high], label) => [Math.min(low, label), Math.max(high, label)],
    [Infinity, -Infinity],
  );
  return {
    ...{ sentence1, sentence2 },
    spread: greatest - least,
    rows: rows.slice(0, mostRows).map((row) => ({ ...placeOf(row), label: row.pair.label! })),
  };
}

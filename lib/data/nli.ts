import { describe } from "../foundation/errors.js";
import type { ColumnMapping } from "./columns.js";
import type { Example } from "./example.js";
import type { Random } from "./random.js";
import { type Row, RowError } from "./records.js";
import { type FieldTable, resolveColumns } from "./resolve-columns.js";
import type { RowReader } from "./read-rows.js";
import { sentence } from "./row.js";

/** What a premise has to do with a hypothesis; the place of each is its integer at Hugging Face. */
const relations = ["entailment", "neutral", "contradiction"] as const;

/** What stands for a label where the annotators did not agree: in SNLI, and at Hugging Face. */
const noConsensus: readonly unknown[] = ["", "-", "-1"];

/** A row of a natural-language-inference file; `relation` is null where there is no consensus. */
export type NliRow = {
  premise: string;
  hypothesis: string;
  relation: (typeof relations)[number] | null;
  line: number;
};

const fields = {
  sentence1: { names: ["sentence1", "sentence_1", "premise"], presence: "required" },
  sentence2: { names: ["sentence2", "sentence_2", "hypothesis"], presence: "required" },
  // Where both are there, `label` may be the first of several annotators'.
  label: { names: ["gold_label", "label"], presence: "required" },
} satisfies FieldTable;

/** Reads premises as `sentence1`, hypotheses as `sentence2` and their relation as `label`. */
export function nliReader(filePath: string, mapping: ColumnMapping): RowReader<NliRow> {
  return (header) => {
    const columns = resolveColumns(filePath, header, mapping, fields);
    return (row) => ({
      premise: sentence(row, columns.sentence1!),
      hypothesis: sentence(row, columns.sentence2!),
      relation: relationOf(row, columns.label!),
      line: row.line,
    });
  };
}

function relationOf(row: Row, column: string): NliRow["relation"] {
  const value = row.value(column);
  if (value === undefined) throw new RowError("no label");
  if (value === null) return null;
  const isWritten = typeof value === "string" || typeof value === "number";
  const written = isWritten ? String(value).trim().toLowerCase() : undefined;
  if (noConsensus.includes(written)) return null;
  const found = relations.find((name, integer) => written === name || written === String(integer));
  if (found !== undefined) return found;
  throw new RowError(
    `the label ${describe(value)} is not entailment, neutral or contradiction (or 0, 1 or 2)`,
  );
}

/** A pair of premise and hypothesis for each entailment, in file order. */
export function entailedPairs(rows: readonly NliRow[], label: number): Example[] {
  return entailments(rows).map(({ premise, hypothesis, line }) => ({
    texts: [premise, hypothesis],
    label,
    line,
  }));
}

/**
 * A triplet for each entailment, in file order: the premise, the hypothesis, and, drawn from the
 * contradictions of the same premise, a hard negative. Entailments without one are left out.
 * @see Gao, Yao and Chen (2021), "SimCSE", section 4; training_nli_v2.py of sentence-transformers,
 *   which adds each triplet a second time with premise and hypothesis exchanged
 */
export function nliTriplets(rows: readonly NliRow[], label: number, random: Random): Example[] {
  const contradictions = new Map<string, string[]>();
  for (const { premise, hypothesis, relation } of rows) {
    if (relation !== "contradiction") continue;
    const known = contradictions.get(premise);
    if (known === undefined) contradictions.set(premise, [hypothesis]);
    else known.push(hypothesis);
  }
  return entailments(rows).flatMap(({ premise, hypothesis, line }) => {
    // A sentence that annotators labelled both ways is no negative of itself.
    const negatives = (contradictions.get(premise) ?? []).filter((text) => text !== hypothesis);
    if (negatives.length === 0) return [];
    const negative = negatives[random.integer(negatives.length)]!;
    return [{ texts: [premise, hypothesis, negative], label, line }];
  });
}

/** The rows whose hypothesis follows from the premise. */
export function entailments(rows: readonly NliRow[]): NliRow[] {
  return rows.filter(({ relation }) => relation === "entailment");
}

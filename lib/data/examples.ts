import { invalidArgument, StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import type { BadRow } from "./bad-rows.js";
import type { ColumnMapping } from "./columns.js";
import type { Example } from "./example.js";
import { entailedPairs, entailments, nliReader, nliTriplets } from "./nli.js";
import { defaultLabelRange, type LabelRange, requireLabelRange } from "./pair.js";
import { Random } from "./random.js";
import { loadPairs } from "./read-pairs.js";
import { loadRows, type RowOptions } from "./read-rows.js";
import { tripletReader } from "./triplets.js";

export type { Example };

/**
 * What a file holds, and what is made of a row:
 * - `scored`: two sentences and how similar they are; a pair
 * - `nli`: premise, hypothesis and their relation; of each entailment a triplet, whose hard negative
 *   is drawn from the contradictions of the same premise
 * - `nli-pairs`: the same files; of each entailment a pair
 * - `triplets`: anchor, positive and negative; a triplet
 */
export const exampleKinds = ["scored", "nli", "nli-pairs", "triplets"] as const;
export type ExampleKind = (typeof exampleKinds)[number];

export type ExampleOptions = RowOptions & {
  kind: ExampleKind;
  /**
   * The file's names of the fields; without one the usual names are looked for. Premise and
   * hypothesis are `sentence1` and `sentence2`, their relation is `label`; triplets have `anchor`,
   * `positive` and `negative`. Fields that the kind does not have are not looked at.
   */
  columns?: ColumnMapping | undefined;
  /** Default: 0 to 5. */
  labelRange?: LabelRange;
  /** Decides which hard negatives are drawn. Default: 42. */
  seed?: number;
};

export type LoadedExamples = {
  /** In file order. */
  examples: Example[];
  /** Empty unless `onBadRow` is "skip". */
  skipped: BadRow[];
  /** Sound rows of the kinds `nli` and `nli-pairs` that are no examples, beside other relations. */
  leftOut: {
    /** Rows whose label is "-", -1 or empty: the annotators did not agree. */
    withoutConsensus: number;
    /** With `nli`: entailments of a premise that has no contradiction. */
    withoutContradiction: number;
  };
};

/**
 * Reads a whole file as examples for a sentence encoder. The same seed draws the same negatives.
 * @throws StsError `INVALID_DATA` for bad rows, a missing column, a file without rows or without a
 *   single example, `NOT_FOUND` for a missing file, `INVALID_ARGUMENT` for an option
 */
export async function loadExamples(
  filePath: string,
  options: ExampleOptions,
): Promise<LoadedExamples> {
  const { columns = {} } = options;
  const { max } = requireLabelRange(options.labelRange ?? defaultLabelRange);
  switch (options.kind) {
    case "scored": {
      const { pairs, skipped } = await loadPairs(filePath, { ...options, labels: "required" });
      const examples = pairs.map(({ sentence1, sentence2, label, line }) => ({
        texts: [sentence1, sentence2],
        label: label!,
        line,
      }));
      return { examples, skipped, leftOut: nothing };
    }
    case "triplets": {
      const reader = tripletReader(filePath, columns, max);
      const { rows, skipped } = await loadRows(filePath, options, reader);
      return { examples: rows, skipped, leftOut: nothing };
    }
    case "nli":
    case "nli-pairs":
      return await loadNli(filePath, options, max);
    default:
      throw unknownKind(options.kind);
  }
}

const nothing = { withoutConsensus: 0, withoutContradiction: 0 };

async function loadNli(
  filePath: string,
  options: ExampleOptions,
  label: number,
): Promise<LoadedExamples> {
  const reader = nliReader(filePath, options.columns ?? {});
  const { rows, skipped } = await loadRows(filePath, options, reader);
  const entailed = entailments(rows).length;
  const examples =
    options.kind === "nli"
      ? nliTriplets(rows, label, new Random(options.seed ?? 42))
      : entailedPairs(rows, label);
  if (examples.length === 0) throw noExamples(filePath, rows.length, entailed);
  const leftOut = {
    withoutConsensus: rows.filter(({ relation }) => relation === null).length,
    withoutContradiction: entailed - examples.length,
  };
  return { examples, skipped, leftOut };
}

function noExamples(filePath: string, rows: number, entailed: number): StsError {
  const what =
    entailed === 0
      ? `not one of ${rows} rows is an entailment, so there is nothing to learn from; ` +
        "check that the labels are of the premise and hypothesis that were read."
      : `${entailed} of ${rows} rows are entailments, but not one of their premises has a ` +
        'contradiction for a hard negative; read the file as "nli-pairs", which needs none.';
  return new StsError("INVALID_DATA", `${filePath}: ${what}`);
}

function unknownKind(kind: unknown): StsError {
  const error = invalidArgument("kind", `one of ${exampleKinds.join(", ")}`, kind);
  const hint = typeof kind === "string" ? suggestion(kind, exampleKinds) : "";
  return new StsError("INVALID_ARGUMENT", error.message + hint);
}

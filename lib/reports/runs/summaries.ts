import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { StsError } from "../../foundation/errors.js";
import { metricsOf } from "./read-log.js";

const count = () => z.int().min(0);
const correlation = () => z.number().nullable();

const figuresSchema = z.object({
  n: count(),
  pearson: correlation(),
  spearman: correlation(),
  mse: z.number(),
  mae: z.number(),
});

/** An evaluation: where it was, and what it came to. */
const bestSchema = z
  .looseObject({ epoch: count(), step: count() })
  .transform(({ epoch, step, ...others }) => ({ epoch, step, metrics: metricsOf(others) }));

/** What a report needs of the summaries of each kind of run. */
export const summarySchemas = {
  train: z.object({
    best: bestSchema.nullable(),
    test: figuresSchema.nullable(),
    pairsPerSecond: z.number(),
    steps: count(),
  }),
  pretrain: z.object({ best: bestSchema, linesPerSecond: z.number(), steps: count() }),
  crossval: z.object({
    folds: z.array(
      figuresSchema.extend({ fold: count() }).transform(({ fold, ...dev }) => ({ fold, dev })),
    ),
    outOfFold: figuresSchema.nullable(),
    test: figuresSchema.nullable(),
  }),
};

/**
 * Reads the `summary.json` of a run.
 * @returns undefined where there is none, as of a run that has not ended
 * @throws StsError `INVALID_DATA` naming the key that is not what it must be, `IO_FAILED`
 */
export async function readSummary<Schema extends z.ZodObject>(
  directory: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const file = path.join(directory, "summary.json");
  const text = await readText(file);
  if (text === undefined) return undefined;
  const result = schema.safeParse(parseJson(file, text));
  if (result.success) return result.data;
  const { path: keys, message } = result.error.issues[0]!;
  throw damaged(file, `${keys.map(String).join(".")}: ${message}`);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code = "unknown error" } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new StsError("IO_FAILED", `${file}: reading failed (${code}).`, { cause });
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(file, `it is not JSON (${(error as Error).message})`);
  }
}

const damaged = (file: string, problem: string): StsError =>
  new StsError(
    "INVALID_DATA",
    `${file}: is not the summary of a run: ${problem}. Restore the file; without it the run counts as ` +
      "not finished.",
  );

import { realpath } from "node:fs/promises";
import { StsError } from "../../foundation/errors.js";
import { shortNames } from "../short-names.js";
import { readRun } from "./read-run.js";
import type { Run } from "./run.js";
import { compareSettings, type ComparedSettings } from "./settings.js";

/** Runs beside each other. */
export type RunComparison = { runs: Run[]; settings: ComparedSettings };

export type CompareRunsOptions = { signal?: AbortSignal };

/**
 * Reads runs, finished or not, and says in which settings they differ.
 * @param directories of trainings, pre-trainings and cross-validations; at least one
 * @throws StsError `INVALID_ARGUMENT` for none and for one that is given twice; what reading a run
 *   throws: `NOT_FOUND`, `INVALID_DATA`, `CHECKPOINT_CORRUPT`, `IO_FAILED`, `ABORTED`
 */
export async function compareRuns(
  directories: readonly string[],
  { signal }: CompareRunsOptions = {},
): Promise<RunComparison> {
  if (directories.length === 0) {
    throw new StsError("INVALID_ARGUMENT", "The directory of a run is missing.");
  }
  await requireDifferent(directories);
  const names = shortNames(directories);
  const runs: Run[] = [];
  for (const [i, directory] of directories.entries()) {
    runs.push({ ...(await readRun(directory, signal)), name: names[i]! });
  }
  return { runs, settings: compareSettings(runs) };
}

async function requireDifferent(directories: readonly string[]): Promise<void> {
  const places = await Promise.all(
    // One that is not there is told of where it is read.
    directories.map((directory) => realpath(directory).catch(() => directory)),
  );
  const twice = places.findIndex((place, i) => places.indexOf(place) < i);
  if (twice < 0) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${directories[twice]}: is given twice; compare it with other runs.`,
  );
}

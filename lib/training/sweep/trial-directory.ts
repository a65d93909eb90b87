import { rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { readJsonFile } from "../../checkpoint/json-file.js";
import { ioFailed, writeFileAtomically } from "../../foundation/atomic-file.js";
import { StsError } from "../../foundation/errors.js";
import { makeDirectory } from "../../foundation/make-directory.js";
import { RunDirectory } from "../loop/run-directory.js";
import { RunOfSet } from "../run-of-set.js";
import type { PlannedTrial } from "./plan.js";
import type { TrialResult } from "./summary.js";

/** What `trial.json` holds: what the sweep knows of the run and the run itself does not. */
type TrialRecord = Pick<TrialResult, "seconds"> & Partial<Pick<TrialResult, "error">>;

const recordSchema = z.object({
  seconds: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** The run of a trial, as it lies in the directory of a sweep. */
export class TrialDirectory extends RunOfSet {
  constructor(private readonly planned: PlannedTrial) {
    super(planned.training.output);
  }

  /**
   * Makes sure that the run is of the training that is planned now.
   * @throws StsError `INVALID_ARGUMENT`
   */
  async requireSame(): Promise<void> {
    const changed = await this.differences(this.planned.training);
    if (changed.length === 0) return;
    throw new StsError(
      "INVALID_ARGUMENT",
      `${this.file("config.yaml")}: ${changed.join(", ")} differs from the sweep's, so that the trial ` +
        "cannot be compared with the others. Put the old values back, or start a new sweep.",
    );
  }

  /**
   * What the trial came to; undefined where it has not ended.
   * @throws StsError `CHECKPOINT_CORRUPT`, `INVALID_DATA` for a file of it that is damaged
   */
  async result(): Promise<TrialResult | undefined> {
    const { seconds, error = null } = await this.#record();
    const summary = await this.summary();
    if (!summary && !error) return undefined;
    const { trial, rung, candidate, training } = this.planned;
    return {
      ...{ trial, rung, epochs: training.epochs, settings: candidate },
      status: summary ? "finished" : "failed",
      best: summary?.best ?? null,
      test: summary?.test ?? null,
      seconds,
      error: summary ? null : error,
      output: this.path,
    };
  }

  /** How long it has been trained, up to what it goes on from. */
  async seconds(): Promise<number> {
    return (await this.#record()).seconds;
  }

  /** @throws StsError `IO_FAILED` */
  async record(record: TrialRecord): Promise<void> {
    try {
      // What fails early has no directory yet.
      await makeDirectory(this.path);
    } catch (error) {
      throw ioFailed(this.path, error);
    }
    await writeFileAtomically(this.file("trial.json"), `${JSON.stringify(record)}\n`);
  }

  async #record(): Promise<TrialRecord> {
    const record = await readJsonFile(this.file("trial.json"), recordSchema);
    return (record as TrialRecord | null) ?? { seconds: 0 };
  }
}

/**
 * Removes the weights of a run; the settings, the figures and the predictions stay.
 * @throws StsError `IO_FAILED`
 */
export async function removeWeights(run: string): Promise<void> {
  const { best, last, resumePoint } = RunDirectory.at(run);
  try {
    for (const place of [best, last, resumePoint, path.join(run, "checkpoints")]) {
      await rm(place, { recursive: true, force: true });
    }
  } catch (error) {
    throw ioFailed(run, error);
  }
}

import { existsSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { readJsonFile } from "../../checkpoint/json-file.js";
import { writeFileAtomically } from "../../foundation/atomic-file.js";
import { StsError } from "../../foundation/errors.js";
import { RunDirectory } from "../loop/run-directory.js";
import { parseSweepConfig, type SweepConfig } from "./config.js";
import type { DataFile } from "./data-files.js";
import type { SweepPlan } from "./plan.js";
import type { SweepSummary } from "./summary.js";
import { trialsCsv } from "./trials-table.js";

const command = "sweep";

/** What `plan.json` holds, from which a sweep that goes on must not differ. */
type StoredPlan = Pick<SweepPlan, "candidates" | "rungs"> & { data: DataFile[] };

const planSchema = z.object({
  candidates: z.array(z.json()),
  rungs: z.array(z.json()),
  data: z.array(z.object({ set: z.string(), sha256: z.string() })),
});

/** Where a sweep keeps its trials and what comes of them together. */
export class SweepDirectory {
  readonly #run: RunDirectory;

  constructor(readonly path: string) {
    this.#run = RunDirectory.at(path);
  }

  /** @throws StsError `INVALID_ARGUMENT` when something is already there */
  static requireFree = (output: string): Promise<void> => RunDirectory.requireFree(output, command);

  /**
   * One that is there, and its configuration.
   * @throws StsError `NOT_FOUND` where there is none, `CHECKPOINT_CORRUPT`, `INVALID_ARGUMENT`
   */
  static async open(output: string): Promise<{ directory: SweepDirectory; config: SweepConfig }> {
    const { config } = await RunDirectory.open(output, command);
    const where = `${output}/config.yaml`;
    const parsed = parseSweepConfig(config as Record<string, unknown>, where);
    return { directory: new SweepDirectory(output), config: parsed };
  }

  /** @throws StsError `INVALID_ARGUMENT` when something is already there, `IO_FAILED` */
  begin(config: SweepConfig): Promise<void> {
    return this.#run.begin(config, command);
  }

  /** Removes what a process that was killed has left half written, here and in the trials. */
  clean(): Promise<void> {
    return this.#run.clean();
  }

  /** Takes away what a sweep has written before its first trial. */
  async remove(): Promise<void> {
    for (const name of ["trials.csv", "plan.json", "config.yaml"]) {
      await rm(this.#file(name), { force: true });
    }
    // What else is there stays.
    await rmdir(this.path).catch(() => undefined);
  }

  /**
   * Keeps the plan, or makes sure that it is the one that was kept.
   * @throws StsError `INVALID_ARGUMENT` for another plan, `INVALID_DATA` for other data,
   *   `CHECKPOINT_CORRUPT` for one that is damaged
   */
  async keepPlan({ candidates, rungs }: SweepPlan, data: DataFile[]): Promise<void> {
    const plan: StoredPlan = { candidates, rungs, data };
    const file = this.#file("plan.json");
    const kept = await readJsonFile(file, planSchema);
    if (!kept) {
      await writeFileAtomically(file, `${JSON.stringify(plan, null, 1)}\n`);
      return;
    }
    if (JSON.stringify([kept.candidates, kept.rungs]) !== JSON.stringify([candidates, rungs])) {
      throw new StsError(
        "INVALID_ARGUMENT",
        `${this.#file("config.yaml")}: its space, its seed or its epochs are not those that the sweep ` +
          "began with (plan.json): its trials would be others. Put the old values back, or start a new " +
          "sweep.",
      );
    }
    const changed = data.find(
      ({ set, sha256 }, i) => kept.data[i]?.set !== set || kept.data[i].sha256 !== sha256,
    );
    if (changed || data.length !== kept.data.length) {
      throw new StsError(
        "INVALID_DATA",
        `${changed?.file ?? this.path}: the data is not what it was when the sweep began, so that its ` +
          "trials could not be compared. Put the old files back, or start a new sweep.",
      );
    }
  }

  /** Writes a row for each trial that has ended. */
  async writeTrials({ fields, trials }: SweepSummary): Promise<void> {
    const names = fields.map(({ field }) => field);
    await writeFileAtomically(this.#file("trials.csv"), trialsCsv(names, trials));
  }

  writeSummary(summary: SweepSummary): Promise<void> {
    return this.#run.writeSummary(summary);
  }

  /** What it came to; undefined where that is not known or a trial has been taken away since. */
  async readSummary(): Promise<SweepSummary | undefined> {
    const summary = await this.#run.readSummary<SweepSummary>();
    if (!summary) return undefined;
    // The directory may have been moved.
    const moved = <Part extends { output: string }>(part: Part): Part => ({
      ...part,
      output: this.#file(path.basename(part.output)),
    });
    const trials = summary.trials.map(moved);
    if (!trials.every(({ output }) => existsSync(output))) return undefined;
    return { ...summary, trials, best: summary.best && moved(summary.best), output: this.path };
  }

  #file(name: string): string {
    return path.join(this.path, name);
  }
}

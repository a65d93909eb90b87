import { existsSync, readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isTemporary } from "../foundation/temporary-name.js";
import type { TrainConfig } from "./config.js";
import { settingsOf } from "./loop/loop-checkpoint.js";
import { RunDirectory } from "./loop/run-directory.js";
import { parseTrainConfig } from "./parse-config.js";
import type { TrainSummary } from "./summary.js";

/** A run that is one of a set, such as the folds of a cross-validation, in the directory of the set. */
export class RunOfSet {
  protected readonly run: RunDirectory;

  constructor(readonly path: string) {
    this.run = RunDirectory.at(path);
  }

  /** Whether the training has begun, here or elsewhere. */
  get isBegun(): boolean {
    const file = this.file("config.yaml");
    return existsSync(file) && readFileSync(file, "utf8") !== "";
  }

  /** Removes what a process has left that was killed before the training began. */
  async clean(): Promise<void> {
    if (this.isBegun || !existsSync(this.path)) return;
    const entries = await readdir(this.path);
    if (!entries.every((entry) => entry === "config.yaml" || isTemporary(entry))) return;
    await rm(this.path, { recursive: true });
  }

  /** What the training came to; undefined where it has not ended. */
  summary(): Promise<TrainSummary | undefined> {
    return this.run.readSummary<TrainSummary>();
  }

  /**
   * The settings that decide a run in which the one that has begun differs from a training; where
   * its files lie is none of them.
   */
  protected async differences(expected: TrainConfig): Promise<string[]> {
    const where = this.file("config.yaml");
    const { config } = await RunDirectory.open(this.path);
    const begun = flat(parseTrainConfig(config, where));
    const wanted = flat(parseTrainConfig(expected, where));
    return [...new Set([...begun.keys(), ...wanted.keys()])].filter(
      (key) => begun.get(key) !== wanted.get(key),
    );
  }

  protected file(name: string): string {
    return path.join(this.path, name);
  }
}

/** What decides the run, as text, by names with a dot for the parts of the fold. */
function flat(config: TrainConfig): Map<string, string | undefined> {
  const { heldOutFold = {}, ...settings } = settingsOf(config);
  const parts = Object.entries(heldOutFold as object).map(
    ([name, value]) => [`heldOutFold.${name}`, value] as const,
  );
  return new Map([...Object.entries(settings), ...parts].map(([k, v]) => [k, JSON.stringify(v)]));
}

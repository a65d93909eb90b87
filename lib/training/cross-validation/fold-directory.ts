import { existsSync, readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { SentencePair } from "../../data/pair.js";
import { loadPredictions } from "../../data/read-predictions.js";
import { StsError } from "../../foundation/errors.js";
import { isTemporary } from "../../foundation/temporary-name.js";
import type { TrainConfig } from "../config.js";
import { settingsOf } from "../loop/loop-checkpoint.js";
import { RunDirectory } from "../loop/run-directory.js";
import { parseTrainConfig } from "../parse-config.js";
import type { TrainSummary } from "../summary.js";

/** The run of a fold, as it lies in the directory of a cross-validation. */
export class FoldDirectory {
  readonly #run: RunDirectory;

  constructor(readonly path: string) {
    this.#run = RunDirectory.at(path);
  }

  /** Whether the training has begun, here or elsewhere. */
  get isBegun(): boolean {
    const file = this.#file("config.yaml");
    return existsSync(file) && readFileSync(file, "utf8") !== "";
  }

  /** Removes what a process has left that was killed before the training began. */
  async clean(): Promise<void> {
    if (this.isBegun || !existsSync(this.path)) return;
    const entries = await readdir(this.path);
    if (!entries.every((entry) => entry === "config.yaml" || isTemporary(entry))) return;
    await rm(this.path, { recursive: true });
  }

  /**
   * Makes sure that the run is of a training that would now be started in the same way, wherever
   * that is: only then its predictions and those of other folds belong together.
   * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` where it was of other pairs
   */
  async requireSame(expected: TrainConfig): Promise<void> {
    const where = this.#file("config.yaml");
    const { config } = await RunDirectory.open(this.path);
    const begun = flat(parseTrainConfig(config, where));
    const wanted = flat(parseTrainConfig(expected, where));
    const changed = [...new Set([...begun.keys(), ...wanted.keys()])].filter(
      (key) => begun.get(key) !== wanted.get(key),
    );
    if (changed.length === 0) return;
    if (changed.join() === "heldOutFold.data") {
      throw new StsError(
        "INVALID_DATA",
        `${this.path}: was begun with other pairs than those that train has now. Put the old files ` +
          "back, or start a new cross-validation.",
      );
    }
    throw new StsError(
      "INVALID_ARGUMENT",
      `${where}: ${changed.join(", ")} differs from the cross-validation's, so that the fold does not ` +
        "belong to the others. Remove its directory, or put the old values back.",
    );
  }

  /** What the training came to; undefined where it has not ended. */
  summary(): Promise<TrainSummary | undefined> {
    return this.#run.readSummary<TrainSummary>();
  }

  /**
   * Its predictions, one for each of the pairs in their order.
   * @throws StsError `INVALID_DATA` where there are none, or of other pairs
   */
  async predictions(set: "dev" | "test", pairs: readonly SentencePair[]): Promise<number[]> {
    const file = this.#run.predictions(set);
    if (!existsSync(file)) {
      throw new StsError(
        "INVALID_DATA",
        `${file}: is missing, though the fold is finished; it may have been trained without a ${set} ` +
          "file. Remove the fold's directory and train it again.",
      );
    }
    const rows = await loadPredictions(file);
    const fits = rows.length === pairs.length && pairs.every(({ id }, i) => rows[i]!.id === id);
    if (fits) return rows.map(({ target }) => target);
    throw new StsError(
      "INVALID_DATA",
      `${file}: its ids are not those of the ${pairs.length} pairs that the fold was to predict, in ` +
        "their order. Put the old data back, or train the fold again.",
    );
  }

  #file(name: string): string {
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

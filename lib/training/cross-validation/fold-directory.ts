import { existsSync } from "node:fs";
import type { SentencePair } from "../../data/pair.js";
import { loadPredictions } from "../../data/read-predictions.js";
import { StsError } from "../../foundation/errors.js";
import type { TrainConfig } from "../config.js";
import { RunOfSet } from "../run-of-set.js";

/** The run of a fold, as it lies in the directory of a cross-validation. */
export class FoldDirectory extends RunOfSet {
  /**
   * Makes sure that the run is of a training that would now be started in the same way, wherever
   * that is: only then its predictions and those of other folds belong together.
   * @throws StsError `INVALID_ARGUMENT`, `INVALID_DATA` where it was of other pairs
   */
  async requireSame(expected: TrainConfig): Promise<void> {
    const changed = await this.differences(expected);
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
      `${this.file("config.yaml")}: ${changed.join(", ")} differs from the cross-validation's, so that ` +
        "the fold does not belong to the others. Remove its directory, or put the old values back.",
    );
  }

  /**
   * Its predictions, one for each of the pairs in their order.
   * @throws StsError `INVALID_DATA` where there are none, or of other pairs
   */
  async predictions(set: "dev" | "test", pairs: readonly SentencePair[]): Promise<number[]> {
    const file = this.run.predictions(set);
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
}

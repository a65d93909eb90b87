import { rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { quoted, writePredictions } from "../../data/predictions.js";
import type { SentencePair } from "../../data/pair.js";
import { writeFileAtomically } from "../../foundation/atomic-file.js";
import { RunDirectory } from "../loop/run-directory.js";
import { foldName, parseCrossValidationConfig, type CrossValidationConfig } from "./config.js";
import { FoldDirectory } from "./fold-directory.js";
import type { CrossValidationSummary } from "./summary.js";

const command = "crossval";

/** Where a cross-validation keeps its folds and what comes of them together. */
export class CrossValidationDirectory {
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
  static async open(
    output: string,
  ): Promise<{ directory: CrossValidationDirectory; config: CrossValidationConfig }> {
    const { config } = await RunDirectory.open(output, command);
    const parsed = parseCrossValidationConfig(config, `${output}/config.yaml`);
    return { directory: new CrossValidationDirectory(output), config: parsed };
  }

  /** @throws StsError `INVALID_ARGUMENT` when something is already there, `IO_FAILED` */
  begin(config: CrossValidationConfig): Promise<void> {
    return this.#run.begin(config, command);
  }

  /** Takes away what `begin` and `writeFolds` have written. */
  async remove(): Promise<void> {
    for (const name of ["folds.csv", "config.yaml"]) {
      await rm(path.join(this.path, name), { force: true });
    }
    // What else is there stays.
    await rmdir(this.path).catch(() => undefined);
  }

  /** @param fold from 1 */
  fold(fold: number): FoldDirectory {
    return new FoldDirectory(path.join(this.path, foldName(fold)));
  }

  /** Which fold each pair is in, in the order of the pairs. */
  async writeFolds(
    pairs: readonly SentencePair[],
    folds: readonly (readonly number[])[],
  ): Promise<void> {
    const numbers = new Array<number>(pairs.length);
    folds.forEach((indices, i) => indices.forEach((index) => (numbers[index] = i + 1)));
    const rows = pairs.map(({ id }, i) => `${quoted(id)},${numbers[i]!}\n`);
    await writeFileAtomically(path.join(this.path, "folds.csv"), `id,fold\n${rows.join("")}`);
  }

  /** Writes `id,target`, the targets in the order of the pairs. */
  async writePredictions(
    set: "oof" | "test",
    pairs: readonly SentencePair[],
    targets: readonly number[],
  ): Promise<void> {
    const rows = pairs.map(({ id }, i) => ({ id, target: targets[i]! }));
    await writePredictions(path.join(this.path, `predictions-${set}.csv`), rows);
  }

  writeSummary(summary: CrossValidationSummary): Promise<void> {
    return this.#run.writeSummary(summary);
  }

  /** What it came to; undefined where that is not known or a fold has been taken away since. */
  async readSummary(folds: number): Promise<CrossValidationSummary | undefined> {
    for (let fold = 1; fold <= folds; fold++) {
      if (!(await this.fold(fold).summary())) return undefined;
    }
    const summary = await this.#run.readSummary<CrossValidationSummary>();
    if (!summary) return undefined;
    // The directory may have been moved.
    const moved = summary.folds.map((each) => ({ ...each, output: this.fold(each.fold).path }));
    return { ...summary, folds: moved, output: this.path };
  }
}

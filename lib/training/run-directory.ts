import { appendFile, mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { stringify } from "yaml";
import { ioFailed, writeFileAtomically } from "../foundation/atomic-file.js";
import { StsError } from "../foundation/errors.js";
import type { TrainConfig } from "./config.js";
import type { TrainSummary } from "./summary.js";

/** Where a training run keeps what it makes. */
export class RunDirectory {
  private constructor(readonly path: string) {}

  /**
   * Makes the directory and writes `config.yaml`, from which the run can be repeated.
   * @throws StsError `INVALID_ARGUMENT` when something is already there, `IO_FAILED`
   */
  static async create(config: TrainConfig): Promise<RunDirectory> {
    const run = new RunDirectory(config.output);
    try {
      await mkdir(run.path, { recursive: true });
      if ((await readdir(run.path)).length > 0) {
        throw new StsError(
          "INVALID_ARGUMENT",
          `output: ${run.path} is not empty. Choose another directory, or remove it first.`,
        );
      }
    } catch (error) {
      throw ioFailed(run.path, error);
    }
    await writeFileAtomically(run.#file("config.yaml"), stringify(config));
    return run;
  }

  /** The weights with the highest Pearson on dev so far. */
  get best(): string {
    return this.#file("best");
  }

  /** The weights of the latest evaluation. */
  get last(): string {
    return this.#file("last");
  }

  predictions(set: "dev" | "test"): string {
    return this.#file(`predictions-${set}.csv`);
  }

  /** Adds one line to `metrics.jsonl`. */
  async log(event: object): Promise<void> {
    const file = this.#file("metrics.jsonl");
    try {
      await appendFile(file, `${JSON.stringify(event)}\n`);
    } catch (error) {
      throw ioFailed(file, error);
    }
  }

  writeSummary(summary: TrainSummary): Promise<void> {
    return writeFileAtomically(this.#file("summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  }

  #file(name: string): string {
    return path.join(this.path, name);
  }
}

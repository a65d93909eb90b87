import { appendFile, mkdir, readdir, writeFile } from "node:fs/promises";
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
   * Throws `INVALID_ARGUMENT` when something is already at a run's path: to be asked before long
   * work.
   */
  static async requireFree(output: string): Promise<void> {
    const entries = await readdir(output).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return [];
      if (code === "ENOTDIR") return ["a file"];
      throw ioFailed(output, error);
    });
    if (entries.length > 0) throw occupied(output);
  }

  /**
   * Makes the directory and writes `config.yaml`, from which the run can be repeated.
   * @throws StsError `INVALID_ARGUMENT` when something is already there, `IO_FAILED`
   */
  static async create(config: TrainConfig): Promise<RunDirectory> {
    const { output } = config;
    await RunDirectory.requireFree(output);
    const run = new RunDirectory(output);
    try {
      await mkdir(output, { recursive: true });
      // Of two runs that are started at once, one gets the directory.
      await writeFile(run.#file("config.yaml"), stringify(config), { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw occupied(output);
      throw ioFailed(output, error);
    }
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

function occupied(output: string): StsError {
  return new StsError(
    "INVALID_ARGUMENT",
    `output: ${output} is not empty. Choose another directory, or remove it first.`,
  );
}

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { ioFailed, writeFileAtomically } from "../../foundation/atomic-file.js";
import { StsError } from "../../foundation/errors.js";
import { isTemporary } from "../../foundation/temporary-name.js";
import { makeDirectory } from "../../foundation/make-directory.js";

/** Where a run keeps what it makes. */
export class RunDirectory {
  private constructor(readonly path: string) {}

  /**
   * Throws `INVALID_ARGUMENT` when something is already at a run's path: to be asked before long
   * work.
   * @param command what goes on with such a run
   */
  static async requireFree(output: string, command: RunCommand = "train"): Promise<void> {
    const entries = await readdir(output).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return [];
      if (code === "ENOTDIR") return ["a file"];
      throw ioFailed(output, error);
    });
    if (entries.length > 0) throw occupied(output, command);
  }

  /** Where a run is to be; `begin` makes it. */
  static at(output: string): RunDirectory {
    return new RunDirectory(output);
  }

  /**
   * A run that is there, and the values of its `config.yaml`.
   * @param command what is to go on with it, where that is known
   * @throws StsError `NOT_FOUND` where there is none, `CHECKPOINT_CORRUPT`, `INVALID_ARGUMENT` for
   *   a run of another command
   */
  static async open(
    output: string,
    command?: RunCommand,
  ): Promise<{ directory: RunDirectory; config: unknown }> {
    const directory = new RunDirectory(output);
    const file = directory.#file("config.yaml");
    const text = await readFile(file, "utf8").catch((cause: unknown) => {
      throw new StsError(
        "NOT_FOUND",
        `${output}: is not the directory of a run; it has no config.yaml that can be read.`,
        { cause },
      );
    });
    if (text === "") {
      throw new StsError(
        "NOT_FOUND",
        `${output}: its run was stopped before it began; remove the directory and start it anew.`,
      );
    }
    const config = parseYaml(file, text);
    if (command) requireRunOf(command, output, config);
    return { directory, config };
  }

  /**
   * Makes the directory and writes `config.yaml`, from which the run can be repeated.
   * @throws StsError `INVALID_ARGUMENT` when something is already there, `IO_FAILED`
   */
  async begin(config: object, command: RunCommand = "train"): Promise<void> {
    await RunDirectory.requireFree(this.path, command);
    const file = this.#file("config.yaml");
    try {
      await makeDirectory(this.path);
      // Of two runs that are started at once, one gets the directory.
      await writeFile(file, "", { flag: "wx" });
      await writeFileAtomically(file, stringify(config));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw occupied(this.path, command);
      throw ioFailed(this.path, error);
    }
  }

  /**
   * What `config.yaml` says, as text and as values.
   * @throws StsError `IO_FAILED`
   */
  async readConfig(): Promise<{ text: string; values: Record<string, unknown> }> {
    const file = this.#file("config.yaml");
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      throw ioFailed(file, error);
    });
    return { text, values: parse(text) as Record<string, unknown> };
  }

  /**
   * Removes what a process that was killed has left half written.
   * @throws StsError `IO_FAILED`, as where another process is still writing it
   */
  async clean(): Promise<void> {
    try {
      const entries = await readdir(this.path, { recursive: true });
      for (const entry of entries.filter(isTemporary)) {
        await rm(this.#file(entry), { recursive: true, force: true });
      }
    } catch (error) {
      throw ioFailed(this.path, error);
    }
  }

  /** The weights that ranked highest on dev so far. */
  get best(): string {
    return this.#file("best");
  }

  /** The weights of the latest save. */
  get last(): string {
    return this.#file("last");
  }

  /** The file that has a line for each step and each evaluation. */
  get metrics(): string {
    return this.#file("metrics.jsonl");
  }

  /** The file from which the run goes on. */
  get resumePoint(): string {
    return this.#file("resume.safetensors");
  }

  /** The weights of the save after step `step`. */
  checkpoint(step: number): string {
    return this.#file(path.join("checkpoints", `step-${step}`));
  }

  predictions(set: "dev" | "test"): string {
    return this.#file(`predictions-${set}.csv`);
  }

  /** Removes all but the latest `limit` of the checkpoints. */
  async keepCheckpoints(limit: number): Promise<void> {
    const steps = (await readdir(this.#file("checkpoints")))
      .flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
    for (const step of steps.slice(limit)) {
      await rm(this.checkpoint(step), { recursive: true, force: true });
    }
  }

  /**
   * The result of a run that has ended; undefined for one that has not.
   * @throws StsError `INVALID_DATA` where it is no JSON
   */
  async readSummary<Summary>(): Promise<Summary | undefined> {
    const file = this.#file("summary.json");
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as Summary;
    } catch (cause) {
      throw new StsError(
        "INVALID_DATA",
        `${file}: is not the summary of a run: it is not JSON. Restore the file; without it the run ` +
          "counts as not finished.",
        { cause },
      );
    }
  }

  writeSummary(summary: object): Promise<void> {
    return writeFileAtomically(this.#file("summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  }

  #file(name: string): string {
    return path.join(this.path, name);
  }
}

/** The commands that make runs, and what they leave. */
const runKinds = {
  train: "the run of a training",
  pretrain: "a pre-training",
  crossval: "a cross-validation",
  sweep: "a sweep",
} as const;

export type RunCommand = keyof typeof runKinds;

/** The command that a run's configuration is of, known by a setting that only it has. */
export function commandOf(config: unknown): RunCommand {
  const has = (key: string) => typeof config === "object" && config !== null && key in config;
  if (has("text")) return "pretrain";
  if (has("folds")) return "crossval";
  return has("space") ? "sweep" : "train";
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new StsError("CHECKPOINT_CORRUPT", `${file}: is not valid YAML.`, { cause });
  }
}

function requireRunOf(command: RunCommand, output: string, config: unknown): void {
  const made = commandOf(config);
  if (made === command) return;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${output}: holds ${runKinds[made]}, not ${runKinds[command]}; to go on with it: ` +
      `sts-native ${made} --resume ${output}`,
  );
}

function occupied(output: string, command: RunCommand): StsError {
  return new StsError(
    "INVALID_ARGUMENT",
    `output: ${output} is not empty. Choose another directory, remove it first, or go on with ` +
      `its run: sts-native ${command} --resume ${output}`,
  );
}

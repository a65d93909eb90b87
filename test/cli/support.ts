import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { Output } from "../../lib/cli/output.js";

export type Outcome = {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
};

export type RunOptions = {
  cwd?: string;
  env?: Record<string, string>;
  /** The package to run, when it is not this one. */
  root?: string;
  /** Called with what stderr holds, whenever more has come. */
  onStderr?: (stderr: string, child: ChildProcess) => void;
};

/** Runs the command line as a user does. */
export function stsNative(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { cwd, env, root = process.cwd(), onStderr } = options;
  const child = spawn(process.execPath, [path.join(root, "bin/sts-native.mjs"), ...args], {
    cwd,
    // Other tests run at the same time, and threads that wait for each other would take long.
    env: { ...process.env, HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onStderr?.(stderr, child);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** What `--json` promises: the last line of stdout. */
export function lastLine({ stdout }: Outcome): unknown {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1)!);
}

/** One clear message on stderr, no stack and nothing on stdout, and the exit code of a mistake. */
export function expectMistake(outcome: Outcome, message: RegExp | string): void {
  expect(outcome.stderr).toMatch(message);
  expect(outcome.stderr).toMatch(/^error: /);
  expect(outcome.stderr).not.toMatch(/^ +at |Error:|error:.*error:/ms);
  expect(outcome.stdout).toBe("");
  expect(outcome.code).toBe(2);
}

/** A directory that goes away when the tests of the file have run. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "sts-cli-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** An output whose words can be looked at. */
export function recordedOutput({ json = false, terminal = false } = {}) {
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY: terminal, columns: 80 });
  const read = (stream: PassThrough) => ((stream.read() as Buffer | null) ?? "").toString();
  return {
    output: new Output(json, stdout, stderr),
    /** What has come since the last call. */
    stdout: () => read(stdout),
    stderr: () => read(stderr),
  };
}

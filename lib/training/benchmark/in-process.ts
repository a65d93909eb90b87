import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { throwIfAborted } from "../../foundation/abort.js";
import { StsError, type ErrorCode } from "../../foundation/errors.js";
import type { Measurement } from "./measure.js";

/** What the process of a measurement answers. */
export type Answer = { result: unknown } | { error: { code: ErrorCode; message: string } };

/**
 * Measures in a process of its own, so that its memory is that of the measurement alone.
 * @throws StsError `ABORTED`, and what the measurement throws
 */
export async function inProcess<T>(
  measurement: Omit<Measurement, "directory">,
  signal: AbortSignal | undefined,
): Promise<T> {
  throwIfAborted(signal, what);
  const directory = await mkdtemp(path.join(os.tmpdir(), "sts-benchmark-"));
  const child = fork(fileURLToPath(new URL("./child.js", import.meta.url)), {
    serialization: "advanced",
    // What it would print is ours to say.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const kill = () => void child.kill("SIGKILL");
  signal?.addEventListener("abort", kill);
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      child.on("error", reject);
      child.on("message", (message) => resolve(message as Answer));
      child.on("exit", (code, killedBy) => reject(unexpectedEnd(code, killedBy)));
      child.send({ ...measurement, directory } satisfies Measurement);
    });
    if ("error" in answer) throw new StsError(answer.error.code, answer.error.message);
    return answer.result as T;
  } catch (error) {
    throwIfAborted(signal, what);
    throw error;
  } finally {
    signal?.removeEventListener("abort", kill);
    await end(child);
    await rm(directory, { recursive: true, force: true });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

const what = "The benchmark";

/** A process that the system kills has most often asked for too much memory. */
function unexpectedEnd(code: number | null, killedBy: NodeJS.Signals | null): StsError {
  if (killedBy === "SIGKILL") {
    const message = "The system killed the measurement, most likely for want of memory.";
    return new StsError("OUT_OF_MEMORY", `${message} Give a smaller --batch-size.`);
  }
  return new StsError("INTERNAL", `The measurement ended with ${killedBy ?? code}.`);
}

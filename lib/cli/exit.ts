import os from "node:os";
import { StsError } from "../foundation/errors.js";
import type { Output } from "./output.js";

/** The work ended early because a signal asked for it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** 130 after Ctrl-C, as shells have it. */
  readonly exitCode: number;

  constructor(
    readonly signal: "SIGINT" | "SIGTERM",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.exitCode = 128 + os.constants.signals[signal];
  }
}

/**
 * Says what ended a command.
 * @returns the exit code: 2 where the input has to change, 130 or 143 after a signal, else 1
 */
export function reportError(error: unknown, output: Output): number {
  if (error instanceof Interrupted) {
    output.note(error.message);
    return error.exitCode;
  }
  if (error instanceof StsError && error.code !== "INTERNAL") {
    output.error(error.message);
    return error.isUserMistake ? 2 : 1;
  }
  const stack =
    typeof error === "object" && error !== null && "stack" in error ? error.stack : error;
  output.error(`this is a mistake of ours, please report it with these lines:\n${String(stack)}`);
  return 1;
}

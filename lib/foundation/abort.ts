import { StsError } from "./errors.js";

/** Throws `ABORTED`, saying what was stopped, once the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new StsError("ABORTED", `${what} was stopped.`);
}

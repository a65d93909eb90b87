import { StsError } from "../foundation/errors.js";
import { Interrupted } from "./exit.js";
import type { Output } from "./output.js";

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs work that Ctrl-C or SIGTERM ends in good order: the first aborts its signal, a second one
 * ends the process at once.
 * @param farewell what the work still does when it is interrupted
 * @throws Interrupted when the work ended because of a signal; what `work` throws otherwise
 */
export async function interruptible<T>(
  output: Output,
  farewell: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let received: (typeof signals)[number] | undefined;
  const onSignal = (signal: (typeof signals)[number]) => {
    if (received === undefined) {
      received = signal;
      output.note(`${farewell} (Once more ends at once.)`);
      controller.abort();
      return;
    }
    output.closeBar();
    stopListening();
    process.kill(process.pid, signal);
  };
  const stopListening = () => signals.forEach((signal) => process.off(signal, onSignal));
  signals.forEach((signal) => process.on(signal, onSignal));
  try {
    return await work(controller.signal);
  } catch (error) {
    if (received !== undefined && error instanceof StsError && error.code === "ABORTED") {
      throw new Interrupted(received, error.message, { cause: error });
    }
    throw error;
  } finally {
    stopListening();
  }
}

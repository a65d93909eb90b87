import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "./abort.js";

/** Longest stretch of work before other work gets its turn, in milliseconds. */
const longest = 10;

/** Lets the event loop have its turns during long work on its thread. */
export class TimeSlice {
  #end = performance.now() + longest;

  /** @param what the work is called in the error when the signal fires */
  constructor(
    private readonly signal: AbortSignal | undefined,
    private readonly what: string,
  ) {}

  /** Whether it is time to `rest`. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** @throws StsError `ABORTED` */
  async rest(): Promise<void> {
    await setImmediate();
    throwIfAborted(this.signal, this.what);
    this.#end = performance.now() + longest;
  }
}

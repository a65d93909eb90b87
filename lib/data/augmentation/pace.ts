import type { Timing } from "./timing.js";

/** Gives requests their turns, so many a second and no more, evenly. */
export class Pace {
  #next = -Infinity;
  #closedUntil = -Infinity;

  constructor(
    private readonly requestsPerSecond: number,
    private readonly timing: Timing,
  ) {}

  /** Waits for the next turn, or for the signal. */
  async turn(signal: AbortSignal): Promise<void> {
    let time = this.#take();
    await this.#until(time, signal);
    // Meanwhile another request may have been told that all are to wait.
    while (time < this.#closedUntil && !signal.aborted) {
      time = this.#take();
      await this.#until(time, signal);
    }
  }

  /** Gives no turns for so many milliseconds. */
  close(milliseconds: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.timing.now() + milliseconds);
  }

  #take(): number {
    const time = Math.max(this.timing.now(), this.#next, this.#closedUntil);
    this.#next = time + 1000 / this.requestsPerSecond;
    return time;
  }

  async #until(time: number, signal: AbortSignal): Promise<void> {
    const rest = time - this.timing.now();
    if (rest > 0) await this.timing.pause(rest, signal);
  }
}

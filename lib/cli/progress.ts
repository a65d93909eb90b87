import { count } from "./format.js";
import type { Output } from "./output.js";
import type { StatusBar } from "./status-bar.js";

/** Plain lines are at least this far apart. */
const leastMilliseconds = 10_000;
const leastShare = 0.05;

/** How far long work has come: a bar on a terminal, plain lines now and then elsewhere. */
export class Progress {
  readonly #bar: StatusBar | undefined;
  #last: { time: number; done: number };

  /**
   * @param noun what is counted, such as `step`
   * @param now milliseconds
   */
  constructor(
    private readonly output: Output,
    private readonly noun: string,
    private readonly total: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#bar = output.openBar("{bar} {percentage}% | {state}");
    this.#last = { time: now(), done: 0 };
  }

  /** @param state what else there is to say, in a few words */
  update(done: number, state: string): void {
    if (this.#bar) this.#bar.update(done, this.total, { state });
    else if (this.#isDue(done)) {
      this.#last = { time: this.now(), done };
      this.output.note(`${this.noun} ${count(done)} of ${count(this.total)} | ${state}`);
    }
  }

  #isDue(done: number): boolean {
    const { time, done: lastDone } = this.#last;
    return this.now() - time >= leastMilliseconds && done - lastDone >= leastShare * this.total;
  }
}

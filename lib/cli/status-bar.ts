import progress from "cli-progress";

/** A progress bar on the last line of a terminal. */
export class StatusBar {
  readonly #bar: progress.SingleBar;
  #state: { total: number; value: number; fields: object } | undefined;

  /** @param format as cli-progress has it: `{bar}`, `{percentage}` and names of fields */
  constructor(stream: NodeJS.WritableStream, format: string) {
    this.#bar = new progress.SingleBar({
      stream,
      format,
      // A line of 80 columns has to hold what there is to say.
      barsize: 10,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      clearOnComplete: true,
      // Cuts the line to the terminal's width, instead of switching its line wrapping off.
      linewrap: true,
    });
  }

  update(value: number, total: number, fields: object): void {
    if (this.#state === undefined) this.#bar.start(total, value, fields);
    else this.#bar.update(value, fields);
    this.#state = { total, value, fields };
  }

  /** Takes the bar away while other lines are written. */
  interrupt(write: () => void): void {
    const state = this.#state;
    this.stop();
    write();
    if (state !== undefined) this.update(state.value, state.total, state.fields);
  }

  stop(): void {
    this.#bar.stop();
    this.#state = undefined;
  }
}

import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import { StatusBar } from "./status-bar.js";

/** A stream that may be a terminal. */
export type Sink = NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY" | "hasColors">>;

/** Where a command speaks: its result on stdout, all that accompanies it on stderr. */
export class Output implements Disposable {
  #bar: StatusBar | undefined;

  /** @param json whether stdout is for one JSON object alone, and people are spoken to on stderr */
  constructor(
    readonly json: boolean,
    private readonly stdout: Sink = process.stdout,
    private readonly stderr: Sink = process.stderr,
  ) {}

  /** The result as people read it. */
  print(text: string): void {
    this.#write(this.#results, text);
  }

  /** Whether what is printed may be in colours. */
  get printsColors(): boolean {
    return this.#results.hasColors?.(16) ?? false;
  }

  /** The result as programs read it: one line, under `--json` only. */
  result(value: object): void {
    if (this.json) this.#write(this.stdout, JSON.stringify(value));
  }

  /** Progress and what else accompanies the result. */
  note(text: string): void {
    this.#write(this.stderr, text);
  }

  warn(text: string): void {
    this.note(`${this.#painted("yellow", "warning:")} ${text}`);
  }

  error(text: string): void {
    this.note(`${this.#painted("red", "error:")} ${text}`);
  }

  /**
   * Opens a bar that stays below all other lines until it is stopped.
   * @param format as cli-progress has it
   * @returns undefined where stderr is not a terminal
   */
  openBar(format: string): StatusBar | undefined {
    this.closeBar();
    if (this.stderr.isTTY) this.#bar = new StatusBar(this.stderr, format);
    return this.#bar;
  }

  closeBar(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  [Symbol.dispose](): void {
    this.closeBar();
  }

  get #results(): Sink {
    return this.json ? this.stderr : this.stdout;
  }

  #write(stream: Sink, text: string): void {
    const write = () => void stream.write(`${text}\n`);
    if (this.#bar) this.#bar.interrupt(write);
    else write();
  }

  #painted(color: "red" | "yellow", text: string): string {
    // Only terminals have `hasColors`; it knows of NO_COLOR.
    return this.stderr.hasColors?.(16) ? styleText(color, text, { validateStream: false }) : text;
  }
}

/** Lets a reader of ours go away, as `head` does, without an error. */
export function ignoreClosedPipes(streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

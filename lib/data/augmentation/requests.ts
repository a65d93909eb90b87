import { throwIfAborted } from "../../foundation/abort.js";
import { invalidArgument, StsError } from "../../foundation/errors.js";
import { Pace } from "./pace.js";
import { realTiming, type Timing } from "./timing.js";
import { type Languages, TemporaryFailure, type Translator } from "./translator.js";

export type RequestOptions = {
  /** Default: 5. */
  requestsPerSecond?: number | undefined;
  /** How often a request that failed is made again. Default: 5. */
  retries?: number | undefined;
  timing?: Timing | undefined;
};

/** The first wait after a failure, which doubles with each, and the longest, in milliseconds. */
const firstWait = 1000;
const longestWait = 60_000;

/** Nobody waits for longer than this without having been asked: 5 minutes. */
const longestRetryAfter = 300_000;

/** Makes requests at a pace, and makes those again that failed and may not fail again. */
export class Requests {
  readonly #retries: number;
  readonly #timing: Timing;
  readonly #pace: Pace;

  /** @throws StsError `INVALID_ARGUMENT` */
  constructor(
    private readonly translator: Translator,
    { requestsPerSecond = 5, retries = 5, timing = realTiming }: RequestOptions,
  ) {
    if (!(requestsPerSecond > 0)) {
      throw invalidArgument("requestsPerSecond", "a number above 0", requestsPerSecond);
    }
    if (!Number.isInteger(retries) || retries < 0) {
      throw invalidArgument("retries", "an integer from 0", retries);
    }
    this.#retries = retries;
    this.#timing = timing;
    this.#pace = new Pace(requestsPerSecond, timing);
  }

  /**
   * @param signal ends waiting; a request that is under way is answered first
   * @throws StsError `TRANSLATION_FAILED` when the last attempt failed too, `ABORTED`
   */
  async translate(
    texts: readonly string[],
    languages: Languages,
    signal: AbortSignal,
  ): Promise<string[]> {
    for (let attempt = 0; ; attempt++) {
      await this.#pace.turn(signal);
      throwIfAborted(signal, "The translation");
      try {
        return requireAsMany(texts, await this.translator.translate(texts, languages));
      } catch (error) {
        if (!(error instanceof TemporaryFailure)) throw error;
        if (attempt >= this.#retries) throw gaveUp(error, attempt + 1);
        await this.#wait(error, attempt, signal);
      }
    }
  }

  /** As the service says, or exponentially longer, and by chance so that not all come back at once. */
  async #wait(failure: TemporaryFailure, attempt: number, signal: AbortSignal): Promise<void> {
    const { retryAfter } = failure;
    if (retryAfter === undefined) {
      const longest = Math.min(firstWait * 2 ** attempt, longestWait);
      return this.#timing.pause(longest * (0.5 + 0.5 * this.#timing.random()), signal);
    }
    if (retryAfter > longestRetryAfter) throw tooLong(failure, retryAfter);
    this.#pace.close(retryAfter);
  }
}

function requireAsMany(texts: readonly string[], translations: string[]): string[] {
  if (translations.length === texts.length) return translations;
  throw new StsError(
    "TRANSLATION_FAILED",
    `The translator gave ${translations.length} translations of ${texts.length} texts.`,
  );
}

function gaveUp(failure: TemporaryFailure, attempts: number): StsError {
  const message = `${failure.message} Gave up after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}.`;
  return new StsError("TRANSLATION_FAILED", message, { cause: failure });
}

function tooLong(failure: TemporaryFailure, retryAfter: number): StsError {
  const minutes = Math.ceil(retryAfter / 60_000);
  const message = `${failure.message} It asks to be left alone for ${minutes} minutes; go on then.`;
  return new StsError("TRANSLATION_FAILED", message, { cause: failure });
}

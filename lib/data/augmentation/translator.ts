/** From what language into which, by the codes of the translator, such as `ko` and `en`. */
export type Languages = { from: string; to: string };

/** What one request may hold. */
export type RequestLimits = {
  texts: number;
  /** Unicode code points of all texts together. */
  characters: number;
};

/** What translates, such as a client of a web service. */
export type Translator = {
  /** Names its files in the cache: letters, digits, dots and dashes. */
  readonly name: string;
  readonly limits: RequestLimits;
  /**
   * Makes one request.
   * @param texts within the limits
   * @returns a translation for each text, in their order; an empty one where there is none
   * @throws TemporaryFailure where asking once more may help; any other error ends the work
   */
  translate(texts: readonly string[], languages: Languages): Promise<string[]>;
};

/** A request failed, and may succeed when it is made again. */
export class TemporaryFailure extends Error {
  override readonly name = "TemporaryFailure";

  /** @param retryAfter milliseconds for which the service asks to be left alone */
  constructor(
    message: string,
    readonly retryAfter?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

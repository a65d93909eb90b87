import { describe, invalidArgument, StsError } from "../../../foundation/errors.js";
import { networkReason } from "../../../foundation/network-reason.js";
import { type Languages, TemporaryFailure, type Translator } from "../translator.js";
import { type Asked, parseJson, refusal, type Reply, unusable } from "./failures.js";
import { translationApis, type TranslatorName, translatorNames } from "./registry.js";
import { readKeys } from "./secrets.js";
import type { TranslationApi } from "./translation-api.js";

export type HttpTranslatorOptions = {
  /** The address in place of the service's own, such as that of a server of one's own. */
  endpoint?: string | undefined;
  /** Seconds that a request may take, until the last byte of its answer. Default: 30. */
  timeout?: number | undefined;
};

/**
 * A client of a web service. Its keys come from the environment, and leave it in requests alone.
 * @example
 * const translator = new HttpTranslator("papago"); // PAPAGO_CLIENT_ID, PAPAGO_CLIENT_SECRET
 * await translator.translate(["오늘 날씨가 좋다."], { from: "ko", to: "en" });
 */
export class HttpTranslator implements Translator {
  readonly limits;
  readonly #api: TranslationApi;
  readonly #keys: readonly string[];
  readonly #address: URL;
  readonly #timeout: number;

  /** @throws StsError `INVALID_ARGUMENT`, also for a key that is missing */
  constructor(
    readonly name: TranslatorName,
    { endpoint, timeout = 30 }: HttpTranslatorOptions = {},
  ) {
    if (!translatorNames.includes(name)) {
      throw invalidArgument("translator", `one of ${translatorNames.join(", ")}`, name);
    }
    if (!(timeout > 0 && timeout <= 3600)) {
      throw invalidArgument("timeout", "seconds, above 0 and at most 3600", timeout);
    }
    this.#api = translationApis[name];
    this.#keys = readKeys(this.#api);
    this.#address = address(endpoint ?? this.#api.endpoint(this.#keys), this.#api.path);
    this.#timeout = timeout;
    this.limits = this.#api.limits;
  }

  /**
   * @throws TemporaryFailure for too many requests, a service out of order and a broken connection
   * @throws StsError `INVALID_ARGUMENT` for keys that are refused, `TRANSLATION_FAILED` for every
   *   other refusal and an answer of another form
   */
  async translate(texts: readonly string[], languages: Languages): Promise<string[]> {
    const asked = { api: this.#api, host: this.#address.host, keys: this.#keys };
    const { headers, body } = this.#api.request(texts, languages, this.#keys);
    const reply = await this.#post(headers, JSON.stringify(body));
    if (reply.status < 200 || reply.status >= 300) throw refusal(asked, reply);
    return translationsIn(asked, reply, texts.length);
  }

  async #post(headers: Record<string, string>, body: string): Promise<Reply> {
    const signal = AbortSignal.timeout(Math.ceil(this.#timeout * 1000));
    try {
      const response = await fetch(this.#address, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body,
        redirect: "manual",
        signal,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      throw this.#broken(error, signal.aborted);
    }
  }

  #broken(error: unknown, late: boolean): TemporaryFailure {
    const what = late
      ? `did not answer within ${this.#timeout} s`
      : `could not be reached (${networkReason(error)})`;
    const message = `${this.#api.title}: ${this.#address.host} ${what}.`;
    return new TemporaryFailure(message, undefined, { cause: error });
  }
}

function translationsIn(asked: Asked, { text }: Reply, texts: number): string[] {
  const body = parseJson(text);
  if (body === undefined) throw unusable(asked, "something that is not JSON");
  const { data: translations } = asked.api.answer.safeParse(body);
  if (translations === undefined) throw unusable(asked, "JSON of another form than its API has");
  if (translations.length !== texts) {
    throw unusable(asked, `${translations.length} translations of ${texts} texts`);
  }
  // They are kept on the disk. A key as short as a word may well be one.
  const keys = asked.keys.filter((key) => key.length >= 8);
  if (!translations.some((text) => keys.some((key) => text.includes(key)))) return translations;
  throw unusable(asked, "a translation that holds a key");
}

function address(endpoint: string, path: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) {
    if (url.search || url.hash) {
      const where = describe(url.origin + url.pathname);
      throw new StsError("INVALID_ARGUMENT", `endpoint: ${where} must end there, without ? or #.`);
    }
    return new URL(url.href.replace(/\/+$/, "") + path);
  }
  // Its value is not shown: it may hold a password.
  throw new StsError(
    "INVALID_ARGUMENT",
    "endpoint: expected the http or https address of a server, without user name and password, " +
      "such as http://localhost:5000; keys belong in the environment.",
  );
}

import { StsError } from "../../../foundation/errors.js";
import { TemporaryFailure } from "../translator.js";
import { redact } from "./secrets.js";
import type { RefusalReason, TranslationApi } from "./translation-api.js";

/** What came back for a request. */
export type Reply = { status: number; headers: Headers; text: string };

/** Whom was asked, with what. */
export type Asked = { api: TranslationApi; host: string; keys: readonly string[] };

/** An answer with a status that is no success, as the error to throw. */
export function refusal(asked: Asked, { status, headers, text }: Reply): Error {
  const { title } = asked.api;
  const said = asked.api.refusal.safeParse(parseJson(text)).data;
  const answer = said === undefined ? `${status}` : `${status}, ${quote(said.message, asked.keys)}`;
  const reason = said?.reason ?? reasonOf(status);
  if (status >= 300 && status < 400) return redirected(asked, headers);
  switch (reason) {
    case "rate":
      return new TemporaryFailure(`${title} has had too many requests (${answer}).`, wait(headers));
    case "out of order":
      return new TemporaryFailure(`${title} is out of order (${answer}).`, wait(headers));
    case "key":
      // What the environment holds has to change.
      return new StsError("INVALID_ARGUMENT", `${title} ${aboutKeys(asked)} (${answer}).`);
    case "quota":
      return failed(
        `${title}: the quota is used up (${answer}). Go on when there is some again; what is ` +
          "translated is kept.",
      );
    case "other":
      return failed(
        `${title} refuses the request (${answer}). Check the languages, and --endpoint if given.`,
      );
  }
}

const failed = (message: string): StsError => new StsError("TRANSLATION_FAILED", message);

/** A successful answer of another form than the API has; asked again it might be paid for again. */
export const unusable = ({ api, host }: Asked, what: string): StsError =>
  failed(
    `${api.title}: ${host} answered with ${what}. It is not asked again, for answers may have to ` +
      "be paid for. Check that the address is that of the service.",
  );

function reasonOf(status: number): RefusalReason | "out of order" | "other" {
  if (status === 401 || status === 403) return "key";
  if (status === 402 || status === 456) return "quota";
  if (status === 429) return "rate";
  return status === 408 || status >= 500 ? "out of order" : "other";
}

function aboutKeys({ api, keys }: Asked): string {
  const names = api.variables.join(" and ");
  return keys.length === 0 ? `asks for a key in ${names}` : `refuses what is in ${names}`;
}

/** Following it would take the key to another server. */
function redirected({ api, keys }: Asked, headers: Headers): StsError {
  const to = headers.get("Location");
  const where = to === null ? "another address" : quote(to.replace(/[?#].*$/s, ""), keys);
  return failed(
    `${api.title} sends on to ${where}, where keys are not taken along; give that server's ` +
      "address as --endpoint if it is the right one.",
  );
}

/** For how many milliseconds the service asks to be left alone. @see RFC 9110, section 10.2.3 */
function wait(headers: Headers): number | undefined {
  const value = headers.get("Retry-After")?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** What a server said, on one line, short, and without the keys that it may have repeated. */
function quote(text: string, keys: readonly string[]): string {
  const line = redact(text, keys).replace(/[\s\p{Cc}\p{Cf}]+/gu, " ");
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 199)}…` : line);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

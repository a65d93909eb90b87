import { inspect } from "node:util";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { TemporaryFailure } from "../../../lib/data/augmentation/translator.js";
import { HttpTranslator } from "../../../lib/data/augmentation/translators/http-translator.js";
import {
  type TranslatorName,
  translatorNames,
} from "../../../lib/data/augmentation/translators/registry.js";
import { redact } from "../../../lib/data/augmentation/translators/secrets.js";
import { StsError } from "../../../lib/foundation/errors.js";
import {
  json,
  keys,
  type Misbehaviour,
  TranslationServer,
  withKeys,
} from "./translation-server.js";

withKeys();

let server: TranslationServer;
beforeAll(async () => {
  server = await TranslationServer.start();
});
afterAll(() => server.stop());
afterEach(() => {
  jest.restoreAllMocks();
  expect(server.misbehaviour).toEqual([]);
});

const languages = { from: "ko", to: "en" };
const translate = (name: TranslatorName, texts: readonly string[], options: object = {}) =>
  new HttpTranslator(name, { endpoint: server.url, ...options }).translate(texts, languages);

async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (error instanceof StsError || error instanceof TemporaryFailure) return error;
    throw error;
  }
  throw new Error("nothing failed");
}

/** Whatever an error is printed with. */
const everythingOf = (error: Error) => inspect(error, { depth: 5 });

function expectNoKey(text: string): void {
  for (const key of Object.values(keys)) {
    for (let at = 0; at + 6 <= key.length; at++) expect(text).not.toContain(key.slice(at, at + 6));
  }
}

describe.each(translatorNames)("%s", (name) => {
  it("translates by its documented protocol, as many texts as a request may hold", async () => {
    const { limits } = new HttpTranslator(name);
    const texts = Array.from({ length: limits.texts }, (_, i) => `문장 "${i}" \\ 👩‍👩‍👧`);
    expect(await translate(name, texts)).toEqual(texts.map((text) => `EN ${text}`));
    expect(server.requests.at(-1)).toBe(limits.texts);
    const longest = "가".repeat(limits.characters - 1) + "🙂";
    expect(await translate(name, [longest])).toEqual([`EN ${longest}`]);
  });

  it("a wrong key is one clear error that does not show it", async () => {
    for (const variable of Object.keys(keys)) process.env[variable] = "wrong-key-1f2e3d4c";
    const error = await failureOf(translate(name, ["가"]));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(error.message).toMatch(/refuses what is in [A-Z_]+( and [A-Z_]+)? \(40[013], "/);
    expect(everythingOf(error)).not.toContain("1f2e3d4c");
  });

  it("a key that a server repeats is not shown, nor a part of one", async () => {
    const all = services[name].variables.map((variable) => keys[variable]);
    const echo = [...all, ...all.map((key) => key.slice(3, 14)), ...all.map(encodeURIComponent)];
    const message = `no: ${echo.join(" ")} ${all.join(" ").toUpperCase()}`;
    // The same text as each of the services would send it.
    const body = { message, error: { message, errorCode: "210" } };
    for (const status of [400, 401, 403, 429, 456, 500]) {
      const answer = name === "libretranslate" ? { error: message } : body;
      server.misbehaviour.push((response) => json(response, status, answer));
      const error = await failureOf(translate(name, ["가"]));
      expect(error.message).toContain('"no: ***');
      expectOwnKeyHidden(name, everythingOf(error));
    }
  });

  it("a key that is missing is named, and one that cannot be a key is not shown", async () => {
    const { variables } = services[name];
    for (const variable of variables) {
      process.env[variable] = "two\nlines-of-a-secret";
      const odd = await failureOf(() => new HttpTranslator(name));
      expect(odd).toMatchObject({ code: "INVALID_ARGUMENT" });
      expect(odd.message).toContain(`${variable}: expected a key`);
      expect(everythingOf(odd)).not.toContain("lines-of-a-secret");
      Reflect.deleteProperty(process.env, variable);
      if (name === "libretranslate") continue;
      const missing = await failureOf(() => new HttpTranslator(name));
      expect(missing).toMatchObject({ code: "INVALID_ARGUMENT" });
      expect(missing.message).toContain(`needs a key: set ${variable}`);
      process.env[variable] = keys[variable];
    }
  });

  it("asks the documented address, and shows its keys in headers or the body alone", async () => {
    const asked: string[] = [];
    jest.spyOn(globalThis, "fetch").mockImplementation((url) => {
      asked.push(url instanceof URL ? url.href : "");
      return Promise.reject(new TypeError("fetch failed"));
    });
    const error = await failureOf(new HttpTranslator(name).translate(["가"], languages));
    expect(error).toBeInstanceOf(TemporaryFailure);
    expect(asked).toEqual([services[name].address]);
  });

  it.each<[string, Misbehaviour, RegExp, number | undefined]>([
    ["is told to slow down", (r) => json(r, 429, {}), /too many requests \(429\)/, undefined],
    [
      "is told for how long",
      (r) => json(r, 429, {}, { "Retry-After": "7" }),
      /too many requests \(429\)/,
      7000,
    ],
    [
      "is told for longer than there are numbers",
      (r) => json(r, 429, {}, { "Retry-After": "9".repeat(400) }),
      /too many requests \(429\)/,
      undefined,
    ],
    ["meets a server out of order", (r) => html(r, 500), /is out of order \(500\)/, undefined],
    [
      "meets a gateway that says when to come back",
      (r) => html(r, 503, { "Retry-After": new Date(Date.now() + 60_000).toUTCString() }),
      /is out of order \(503\)/,
      60_000,
    ],
    ["is cut off", (r) => r.socket!.destroy(), /could not be reached \(\w+\)/, undefined],
    [
      "gets a part of an answer",
      (r) => r.writeHead(200, { "Content-Length": 100 }).write('{"da', () => r.destroy()),
      /could not be reached \(\w+\)/,
      undefined,
    ],
    ["waits in vain", () => undefined, /did not answer within 0\.2 s/, undefined],
  ])("may ask once more when it %s", async (what, misbehaviour, message, retryAfter) => {
    server.misbehaviour.push(misbehaviour);
    const timeout = what === "waits in vain" ? 0.2 : 30;
    const error = await failureOf(translate(name, ["가"], { timeout }));
    if (!(error instanceof TemporaryFailure)) throw error;
    expect(error.message).toMatch(message);
    if (retryAfter === undefined) expect(error.retryAfter).toBeUndefined();
    else expect(Math.abs(error.retryAfter! - retryAfter)).toBeLessThan(2000);
    expectNoKey(everythingOf(error));
  });

  it.each<[string, Misbehaviour, RegExp]>([
    ["an HTML page", (r) => html(r, 200), /answered with something that is not JSON/],
    ["an empty answer", (r) => r.end(), /answered with something that is not JSON/],
    [
      "JSON of another form",
      (r) => json(r, 200, { data: {} }),
      /JSON of another form than its API/,
    ],
    ["null", (r) => json(r, 200, null), /JSON of another form than its API/],
    ["numbers", (r) => json(r, 200, { translations: [{ text: 1 }] }), /JSON of another form/],
    ["an HTML page of an error", (r) => html(r, 404), /refuses the request \(404\)/],
    ["a refusal", (r) => json(r, 400, { message: "?" }), /refuses the request \(400/],
    ["a used up quota", (r) => json(r, 456, {}), /the quota is used up \(456\)/],
  ])("does not ask once more after %s, which may have been paid for", async (_, wrong, message) => {
    server.misbehaviour.push(wrong);
    const error = await failureOf(translate(name, ["가"]));
    expect(error).toMatchObject({ code: "TRANSLATION_FAILED" });
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/<|secret/);
    expectNoKey(everythingOf(error));
  });

  it("does not take its keys along to another server", async () => {
    let visits = 0;
    const other = createServer((_, response) => {
      visits++;
      response.end();
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/x?token=secret-of-theirs`;
    server.misbehaviour.push((response) => response.writeHead(308, { Location: to }).end());
    const error = await failureOf(translate(name, ["가"]));
    expect(error.message).toMatch(/sends on to "http:\/\/127\.0\.0\.1:\d+\/x", where keys are not/);
    expect(visits).toBe(0);
    other.close();
  });
});

const services: Record<TranslatorName, { variables: (keyof typeof keys)[]; address: string }> = {
  papago: {
    variables: ["PAPAGO_CLIENT_ID", "PAPAGO_CLIENT_SECRET"],
    address: "https://papago.apigw.ntruss.com/nmt/v1/translation",
  },
  google: {
    variables: ["GOOGLE_TRANSLATE_API_KEY"],
    address: "https://translation.googleapis.com/language/translate/v2",
  },
  deepl: { variables: ["DEEPL_AUTH_KEY"], address: "https://api.deepl.com/v2/translate" },
  libretranslate: {
    variables: ["LIBRETRANSLATE_API_KEY"],
    address: "https://libretranslate.com/translate",
  },
};

function expectOwnKeyHidden(name: TranslatorName, text: string): void {
  for (const variable of services[name].variables) {
    const key = keys[variable];
    for (let at = 0; at + 6 <= key.length; at++) {
      expect(text.toLowerCase()).not.toContain(key.slice(at, at + 6).toLowerCase());
    }
  }
}

const html: (...args: [Parameters<Misbehaviour>[0], number, Record<string, string>?]) => unknown = (
  response,
  status,
  headers = {},
) => response.writeHead(status, { "Content-Type": "text/html", ...headers }).end("<h1>secret</h1>");

it("a free DeepL key has a host of its own", async () => {
  process.env.DEEPL_AUTH_KEY = `${keys.DEEPL_AUTH_KEY}:fx`;
  const fetching = jest.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
  await failureOf(new HttpTranslator("deepl").translate(["가"], languages));
  expect((fetching.mock.calls[0]![0] as URL).href).toBe("https://api-free.deepl.com/v2/translate");
});

describe("limits that a service tells in its own way", () => {
  const google = (reason: string) => ({ error: { code: 403, message: "!", errors: [{ reason }] } });

  it.each([
    ["userRateLimitExceeded", "TemporaryFailure"],
    ["rateLimitExceeded", "TemporaryFailure"],
    ["dailyLimitExceeded", "StsError"],
  ])("Google's 403 %s is a %s", async (reason, name) => {
    server.misbehaviour.push((response) => json(response, 403, google(reason)));
    expect(await failureOf(translate("google", ["가"]))).toMatchObject({ name });
  });

  it.each([
    ["400", "StsError"],
    ["410", "TemporaryFailure"],
    ["420", "TemporaryFailure"],
  ])("Papago's 429 with errorCode %s is a %s", async (errorCode, name) => {
    const body = { error: { errorCode, message: "Quota Exceeded" } };
    server.misbehaviour.push((response) => json(response, 429, body));
    expect(await failureOf(translate("papago", ["가"]))).toMatchObject({ name });
  });
});

it("a LibreTranslate server of one's own needs no key, and the public one says so", async () => {
  Reflect.deleteProperty(process.env, "LIBRETRANSLATE_API_KEY");
  const error = await failureOf(translate("libretranslate", ["가"]));
  expect(error.message).toContain("asks for a key in LIBRETRANSLATE_API_KEY (403");
  server.misbehaviour.push((response) => json(response, 200, { translatedText: ["A"] }));
  expect(await translate("libretranslate", ["가"])).toEqual(["A"]);
});

it("fewer translations than texts are not guessed at", async () => {
  server.misbehaviour.push((response) => json(response, 200, { translatedText: ["A", "B"] }));
  const error = await failureOf(translate("libretranslate", ["가", "나", "다"]));
  expect(error.message).toContain("2 translations of 3 texts");
});

it("an answer that repeats a key is not kept", async () => {
  server.misbehaviour.push((response) => {
    json(response, 200, { translatedText: [`for ${keys.LIBRETRANSLATE_API_KEY}: A`] });
  });
  const error = await failureOf(translate("libretranslate", ["가"]));
  expect(error.message).toContain("a translation that holds a key");
  expectNoKey(everythingOf(error));
});

it.each([
  ["not an address", "ftp://host", /endpoint: expected the http or https address of a server/],
  ["a password", "http://me:pass-word@host", /without user name and password/],
  ["a key in the address", "http://host/x?key=secret-key", /"http:\/\/host\/x" must end there/],
  ["nothing", "", /endpoint: expected/],
])("an endpoint with %s is a mistake that shows no secret", async (_, endpoint, message) => {
  const error = await failureOf(() => new HttpTranslator("papago", { endpoint }));
  expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(error.message).toMatch(message);
  expect(everythingOf(error)).not.toMatch(/pass-word|secret-key/);
});

it("an endpoint may have a path, with a slash at its end or not", async () => {
  const fetching = jest.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
  for (const endpoint of ["http://host/a", "http://host/a//"]) {
    await failureOf(new HttpTranslator("google", { endpoint }).translate(["가"], languages));
  }
  const addresses = fetching.mock.calls.map(([url]) => (url as URL).href);
  expect(new Set(addresses)).toEqual(new Set(["http://host/a/language/translate/v2"]));
});

it.each([0, -1, NaN, 3601])("a timeout of %d seconds is refused", async (timeout) => {
  const error = await failureOf(() => new HttpTranslator("papago", { timeout }));
  expect(error.message).toMatch(/timeout: expected seconds/);
});

it("a client does not show its keys when it is printed", () => {
  const printed = inspect(new HttpTranslator("papago"), { depth: 5, showHidden: true });
  expectNoKey(printed);
});

it("what is hidden of a text is what it has of a key", () => {
  expect(redact("the key abcdefgh-1 and abcdef, not abcde", ["abcdefgh-1"])).toBe(
    "the key *** and ***, not abcde",
  );
  expect(redact("ABCDEFGH-1İ ok", ["abcdefgh-1"])).toBe("***İ ok");
  expect(redact("nothing", [])).toBe("nothing");
  expect(redact("k is k", ["k"])).toBe("*** is ***");
});

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json as readJson } from "node:stream/consumers";
import type { Timing } from "../../../lib/data/augmentation/timing.js";

/** What a client has to show; long enough that a part of one is recognised. */
export const keys = {
  PAPAGO_CLIENT_ID: "7f3a91c2d4",
  PAPAGO_CLIENT_SECRET: "Kq55e1b0Zx9wVt83RmLp",
  GOOGLE_TRANSLATE_API_KEY: "AIzaSyD3x9f0Qm7Wb2Jc4Vt8",
  DEEPL_AUTH_KEY: "279a2e9d-83b3-c416-7e2d-f721593e42a0",
  LIBRETRANSLATE_API_KEY: "0b1c9a7e-5d3e-4f50",
} as const;

/** Answers in the server's place, or returns false to let it answer. */
export type Misbehaviour = (response: ServerResponse, texts: readonly string[]) => unknown;

type Asked = { texts: string[]; from: string; to: string };
type Body = Record<string, unknown>;

/** One service's protocol, by its documentation, from the server's side. */
type Protocol = {
  authorised: (headers: IncomingMessage["headers"], body: Body) => boolean;
  limits: { texts: number; characters: number };
  asked: (body: Body) => Asked;
  answer: (translations: string[]) => object;
  unauthorised: [status: number, body: object];
};

const protocols: Readonly<Record<string, Protocol>> = {
  "/nmt/v1/translation": {
    authorised: (headers) =>
      headers["x-ncp-apigw-api-key-id"] === keys.PAPAGO_CLIENT_ID &&
      headers["x-ncp-apigw-api-key"] === keys.PAPAGO_CLIENT_SECRET,
    limits: { texts: 1, characters: 5000 },
    asked: ({ text, source, target }) => asked([text], source, target),
    answer: ([translatedText]) => ({
      message: { result: { srcLangType: "ko", tarLangType: "en", translatedText } },
    }),
    unauthorised: [401, { error: { errorCode: "200", message: "Authentication Failed" } }],
  },
  "/language/translate/v2": {
    authorised: (headers) => headers["x-goog-api-key"] === keys.GOOGLE_TRANSLATE_API_KEY,
    limits: { texts: 128, characters: 5000 },
    asked: ({ q, source, target, format }) => {
      if (format !== "text") throw new Error(`format: ${String(format)}`);
      return asked(q, source, target);
    },
    answer: (texts) => ({
      data: { translations: texts.map((translatedText) => ({ translatedText })) },
    }),
    unauthorised: [
      400,
      {
        error: {
          code: 400,
          message: "API key not valid. Please pass a valid API key.",
          errors: [{ message: "API key not valid.", domain: "global", reason: "badRequest" }],
          status: "INVALID_ARGUMENT",
          details: [
            { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" },
          ],
        },
      },
    ],
  },
  "/v2/translate": {
    authorised: ({ authorization }) => authorization === `DeepL-Auth-Key ${keys.DEEPL_AUTH_KEY}`,
    limits: { texts: 50, characters: 128 * 1024 },
    asked: ({ text, source_lang, target_lang }) => {
      // As documented: sources have no region, and English as a target has one.
      if (!/^[A-Z]{2}$/.test(String(source_lang)) || target_lang === "EN") throw new Error("lang");
      const code = (language: unknown) => String(language).slice(0, 2).toLowerCase();
      return asked(text, code(source_lang), code(target_lang));
    },
    answer: (texts) => ({
      translations: texts.map((text) => ({ detected_source_language: "KO", text })),
    }),
    unauthorised: [403, { message: "Forbidden" }],
  },
  "/translate": {
    authorised: (_, { api_key }) => api_key === keys.LIBRETRANSLATE_API_KEY,
    limits: { texts: Infinity, characters: 2000 },
    asked: ({ q, source, target, format }) => {
      if (format !== "text") throw new Error(`format: ${String(format)}`);
      return asked(q, source, target);
    },
    answer: (translatedText) => ({ translatedText }),
    unauthorised: [403, { error: "Invalid API key" }],
  },
};

function asked(texts: unknown, from: unknown, to: unknown): Asked {
  const list: unknown[] = Array.isArray(texts) ? texts : [];
  if (list.length === 0 || [...list, from, to].some((value) => typeof value !== "string")) {
    throw new Error("a parameter is missing");
  }
  return { texts: list as string[], from: from as string, to: to as string };
}

/** A server on this machine that speaks the protocols of all services, and misbehaves when told to. */
export class TranslationServer {
  readonly #server: Server;
  /** Each is for one request, in their order; undefined for one that is answered properly. */
  readonly misbehaviour: (Misbehaviour | undefined)[] = [];
  /** Of every request, how many texts. */
  readonly requests: number[] = [];
  /** How often the translation of a text was sent, by `from>to:text`. */
  readonly answered = new Map<string, number>();
  mostAtOnce = 0;
  #atOnce = 0;
  /** Milliseconds before each answer. */
  delay = 0;
  translate = (text: string, _from: string, to: string): string =>
    to === "en" ? `EN ${text}` : text.replace(/^EN /, "").replace("좋다", "좋습니다");

  private constructor() {
    this.#server = createServer((request, response) => {
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
      response.on("close", () => this.#atOnce--);
      this.#answer(request, response).catch((error: unknown) => {
        json(response, 400, { message: String(error) });
      });
    });
  }

  static async start(): Promise<TranslationServer> {
    const server = new TranslationServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** The texts that were answered more than once. */
  get repeated(): string[] {
    return [...this.answered].flatMap(([text, times]) => (times > 1 ? [text] : []));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const protocol = protocols[request.url ?? ""];
    const body = (await readJson(request)) as Body;
    if (protocol === undefined || request.method !== "POST") return json(response, 404, {});
    if (request.headers["content-type"] !== "application/json") return json(response, 415, {});
    const { texts, from, to } = protocol.asked(body);
    this.requests.push(texts.length);
    const misbehaves = this.misbehaviour.shift();
    if (misbehaves && misbehaves(response, texts) !== false) return;
    if (!protocol.authorised(request.headers, body))
      return json(response, ...protocol.unauthorised);
    const { limits } = protocol;
    const size = texts.reduce((sum, text) => sum + Array.from(text).length, 0);
    if (texts.length > limits.texts || size > limits.characters) return json(response, 413, {});
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    for (const text of texts) {
      const key = `${from}>${to}:${text}`;
      this.answered.set(key, (this.answered.get(key) ?? 0) + 1);
    }
    json(response, 200, protocol.answer(texts.map((text) => this.translate(text, from, to))));
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "Content-Type": "application/json", ...headers })
    .end(JSON.stringify(body));
}

/** Sets the keys for the tests of a file, and takes them away after them. */
export function withKeys(): void {
  const before = Object.keys(keys).map((name) => [name, process.env[name]] as const);
  beforeEach(() => void Object.assign(process.env, keys));
  afterAll(() => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });
}

/** Time that goes by only when everything waits for it, so that no test does. */
export class VirtualTime implements Timing {
  #now = 0;
  readonly #waiting: { until: number; wake: () => void }[] = [];
  /** Every wait so far, in milliseconds. */
  readonly pauses: number[] = [];

  now = (): number => this.#now;
  random = (): number => 0.5;

  pause = (milliseconds: number, signal: AbortSignal): Promise<void> => {
    this.pauses.push(milliseconds);
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener("abort", wake);
        resolve();
      };
      signal.addEventListener("abort", wake);
      this.#waiting.push({ until: this.#now + milliseconds, wake });
      setImmediate(() => this.#goOn());
    });
  };

  #goOn(): void {
    const [next] = this.#waiting.sort((a, b) => a.until - b.until);
    if (next === undefined) return;
    this.#waiting.shift();
    this.#now = Math.max(this.#now, next.until);
    next.wake();
  }
}

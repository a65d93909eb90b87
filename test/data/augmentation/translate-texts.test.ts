import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { backTranslate } from "../../../lib/data/augmentation/back-translate.js";
import { characters } from "../../../lib/data/augmentation/batch-texts.js";
import {
  type TranslationOptions,
  translateTexts,
} from "../../../lib/data/augmentation/translate-texts.js";
import type { Translator } from "../../../lib/data/augmentation/translator.js";
import { HttpTranslator } from "../../../lib/data/augmentation/translators/http-translator.js";
import { temporaryDirectory } from "../files.js";
import { json, keys, TranslationServer, VirtualTime, withKeys } from "./translation-server.js";

withKeys();

const { directory } = temporaryDirectory();
let made = 0;
let cache: string;
let server: TranslationServer;
beforeEach(async () => {
  cache = path.join(directory, String(made++));
  server = await TranslationServer.start();
});
afterEach(() => server.stop());

const languages = { from: "ko", to: "en" };
const sentences = Array.from({ length: 30 }, (_, i) => `문장 ${i}이 좋다.`);

const translate = (texts: readonly string[], options: Partial<TranslationOptions> = {}) =>
  translateTexts(texts, new HttpTranslator("papago", { endpoint: server.url }), languages, {
    cache,
    timing: new VirtualTime(),
    requestsPerSecond: 1000,
    ...options,
  });

it("each different text is asked for once, and never again", async () => {
  const texts = [...sentences, ...sentences, `${sentences[0]!} `];
  const first = await translate(texts);
  expect(first).toMatchObject({ asked: 31, cached: 0, tooLong: 0, damaged: 0 });
  expect(first.translations.get(sentences[3]!)).toBe(`EN ${sentences[3]!}`);
  const second = await translate([...texts, "새 문장"]);
  expect(second).toMatchObject({ asked: 1, cached: 31 });
  expect(server.answered.size).toBe(32);
  expect(server.repeated).toEqual([]);
});

it("no more requests are under way at a time than allowed", async () => {
  server.delay = 5;
  await translate(sentences, { concurrency: 3 });
  expect(server.mostAtOnce).toBe(3);
  await expect(translate(sentences, { concurrency: 0 })).rejects.toThrow(
    "concurrency: expected a positive integer, got 0",
  );
});

it("whatever goes wrong for a while, every text is translated once in the end", async () => {
  const wrong = [
    server.misbehaviour.push((r) => json(r, 429, {})),
    server.misbehaviour.push((r) => json(r, 429, {}, { "Retry-After": "30" })),
    server.misbehaviour.push((r) => json(r, 500, {})),
    server.misbehaviour.push((r) => r.writeHead(502).end("<html>bad gateway</html>")),
    server.misbehaviour.push((r) => r.socket!.destroy()),
    server.misbehaviour.push((r) => {
      r.writeHead(200, { "Content-Length": 99 }).write("{", () => r.destroy());
    }),
  ];
  const { translations } = await translate(sentences);
  expect(translations.size).toBe(sentences.length);
  expect(server.requests).toHaveLength(sentences.length + wrong.length);
  expect(server.repeated).toEqual([]);
});

it("a request that fails for good ends the work, and what was translated is kept", async () => {
  server.misbehaviour.push(undefined, undefined, undefined, undefined, (r) => {
    json(r, 456, { message: "Quota exceeded" });
  });
  await expect(translate(sentences, { concurrency: 2 })).rejects.toMatchObject({
    code: "TRANSLATION_FAILED",
    message: expect.stringContaining("the quota is used up") as string,
  });
  const answered = server.answered.size;
  expect(answered).toBeGreaterThanOrEqual(4);
  expect(answered).toBeLessThanOrEqual(5);
  await translate(sentences);
  expect(server.repeated).toEqual([]);
});

it("the signal stops the work when what is under way has been answered and kept", async () => {
  const controller = new AbortController();
  server.delay = 5;
  const onProgress = ({ done }: { done: number }) => {
    if (done >= 7) controller.abort();
  };
  const work = translate(sentences, { signal: controller.signal, onProgress });
  await expect(work).rejects.toMatchObject({
    code: "ABORTED",
    message: "The translation was stopped.",
  });
  expect(server.answered.size).toBeLessThanOrEqual(7 + 3);
  await translate(sentences);
  expect(server.repeated).toEqual([]);
});

it("progress counts up to all texts, with those of the cache", async () => {
  await translate(sentences.slice(0, 10));
  const seen: number[] = [];
  const onProgress = ({ done, total }: { done: number; total: number }) => {
    expect(total).toBe(30);
    seen.push(done);
  };
  await translate(sentences, { onProgress });
  expect([seen[0], seen.at(-1), seen.length]).toEqual([10, 30, 21]);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

it("texts are put together within the limits, and one beyond them is left out", async () => {
  const translator = new HttpTranslator("libretranslate", { endpoint: server.url });
  const texts = [
    ..."가나다라".split("").map((letter) => letter.repeat(999)),
    "마".repeat(2000),
    "🙂".repeat(2001),
    ...Array.from({ length: 120 }, (_, i) => `문장 ${i}`),
  ];
  const options = { cache, requestsPerSecond: 1e6, timing: new VirtualTime(), concurrency: 1 };
  const { translations, tooLong } = await translateTexts(texts, translator, languages, options);
  expect([translations.size, tooLong]).toEqual([texts.length - 1, 1]);
  expect([...server.requests].sort((a, b) => a - b)).toEqual([1, 2, 2, 20, 50, 50]);
  expect(characters("👩‍👩‍👧🙂")).toBe(6);
});

it("what comes back empty, or cannot be put in a file, counts as missing and is not asked again", async () => {
  const answers = ["", " \n ", "\u200b", "a\0b", "\ud800", " two\n lines\t "];
  server.translate = (text) => answers[Number(text)]!;
  const texts = answers.map((_, i) => String(i));
  for (const asked of [6, 0]) {
    const result = await translate(texts);
    expect(result.asked).toBe(asked);
    expect([...result.translations]).toEqual([["5", "two lines"]]);
  }
});

/** What is random is in which order a run asks. */
const inOrder = (seed: number) => Object.assign(new VirtualTime(), { random: () => seed });

it("two runs of the same texts at the same time pay twice for few of them", async () => {
  server.delay = 2;
  const [one, other] = await Promise.all([
    translate(sentences, { concurrency: 1, timing: inOrder(0) }),
    translate(sentences, { concurrency: 1, timing: inOrder(0.5) }),
  ]);
  expect([one.translations.size, other.translations.size]).toEqual([30, 30]);
  expect(server.repeated.length).toBeLessThan(8);
});

it.each([
  [{ from: "../ko", to: "en" }, /from: expected the code of a language, such as ko or zh-CN/],
  [{ from: "ko", to: "" }, /to: expected the code of a language/],
])("languages %j are refused before anything is asked or written", async (wrong, message) => {
  const translator = new HttpTranslator("papago", { endpoint: server.url });
  await expect(translateTexts(["가"], translator, wrong, { cache })).rejects.toThrow(message);
  expect(server.requests).toEqual([]);
  expect(() => readdirSync(cache)).toThrow();
});

it("a translator's name must be fit for a file's", async () => {
  const translator: Translator = {
    name: "../x",
    limits: { texts: 1, characters: 9 },
    translate: (texts) => Promise.resolve([...texts]),
  };
  await expect(translateTexts(["가"], translator, languages, { cache })).rejects.toThrow(
    /translator\.name: expected letters, digits/,
  );
});

describe("there and back", () => {
  const back = (texts: readonly string[], options: object = {}) =>
    backTranslate(texts, {
      translator: new HttpTranslator("papago", { endpoint: server.url }),
      ...{ from: "ko", via: "en", cache, timing: new VirtualTime(), requestsPerSecond: 1000 },
      ...options,
    });

  it("gives each sentence what comes back of it", async () => {
    server.translate = (text, _, to) => {
      if (to === "en") return text === "없음" ? "" : "same in English";
      return "영어에서는 같다.";
    };
    const { sentences, there, back: again } = await back(["가", "나", "없음", "가"]);
    expect([...sentences]).toEqual([
      ["가", "영어에서는 같다."],
      ["나", "영어에서는 같다."],
    ]);
    expect([there.asked, again.asked]).toEqual([3, 1]);
    expect(readdirSync(cache).sort()).toEqual(["papago.en-ko.jsonl", "papago.ko-en.jsonl"]);
  });

  it("through the same language is refused", async () => {
    await expect(back(["가"], { via: "ko" })).rejects.toThrow(/via: expected another language/);
  });
});

describe("a process that is killed", () => {
  const program = (options: object) => `
    import { backTranslate } from "./dist/data/augmentation/back-translate.js";
    import { HttpTranslator } from "./dist/data/augmentation/translators/http-translator.js";
    const { name, endpoint, sentences, ...options } = ${JSON.stringify(options)};
    const translator = new HttpTranslator(name, { endpoint });
    const result = await backTranslate(sentences, { ...options, translator });
    console.log(result.sentences.size, result.there.damaged + result.back.damaged);
  `;
  const run = (name: string, texts: readonly string[], concurrency: number) => {
    const options = { endpoint: server.url, sentences: texts, from: "ko", via: "en", cache };
    return spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        program({ ...options, name, concurrency, requestsPerSecond: 1e5 }),
      ],
      { env: { ...process.env, ...keys }, stdio: ["ignore", "pipe", "inherit"] },
    );
  };

  // [translator, sentences, requests at a time, most texts of a request]
  it.each([
    ["papago", 80, 4, 1],
    ["libretranslate", 600, 3, 50],
  ] as const)(
    "%s: pays again for what was under way at most",
    async (name, count, concurrency, texts) => {
      const many = Array.from({ length: count }, (_, i) => `문장 ${i}이 좋다.`);
      for (const [kills, share] of [0.1, 0.4, 0.9, 1.2, 1.7].entries()) {
        const child = run(name, many, concurrency);
        const translate = server.translate;
        const goal = share * count;
        server.translate = (...args) => {
          if (server.answered.size >= goal) child.kill("SIGKILL");
          return translate(...args);
        };
        const [, signal] = (await once(child, "close")) as [number | null, string | null];
        server.translate = translate;
        expect(signal).toBe("SIGKILL");
        const times = [...server.answered.values()].reduce((sum, n) => sum + n, 0);
        const again = times - server.answered.size;
        // What the kills before lost; of this one nothing has been asked for again yet.
        expect(again).toBeLessThanOrEqual(kills * concurrency * texts);
      }
      const child = run(name, many, concurrency);
      const [said] = (await once(child.stdout, "data")) as [Buffer];
      expect(said.toString()).toMatch(new RegExp(`^${count} \\d+\n$`));
      expect(server.answered.size).toBe(2 * count);
      // Not one that the disk has was asked for: each line of the cache is of another text.
      for (const file of readdirSync(cache)) {
        const lines = readFileSync(path.join(cache, file), "utf8").split("\n").filter(Boolean);
        const sound = lines.flatMap(
          (line) => /^\{"text":(".*"),"translation":".*"\}$/.exec(line)?.[1] ?? [],
        );
        expect(new Set(sound).size).toBe(sound.length);
        expect(sound).toHaveLength(count);
      }
    },
  );
});

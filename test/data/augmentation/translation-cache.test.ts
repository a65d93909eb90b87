import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { TranslationCache } from "../../../lib/data/augmentation/translation-cache.js";
import { temporaryDirectory } from "../files.js";

const { directory: root } = temporaryDirectory();
let made = 0;
let directory: string;
let file: string;
beforeEach(() => {
  directory = path.join(root, "deep", String(made++));
  file = path.join(directory, "papago.ko-en.jsonl");
});

const open = () => TranslationCache.open(directory, "papago", { from: "ko", to: "en" });

/** What somebody finds who opens the cache. */
async function found(texts: readonly string[]): Promise<(string | undefined)[]> {
  await using cache = await open();
  return texts.map((text) => cache.get(text));
}

const odd = [
  "가\n나",
  '"',
  "\\u0000",
  "\u2028",
  "👩‍👩‍👧",
  " ",
  "__proto__",
  "가".normalize("NFD"),
  "가",
];

it("keeps translations of exactly these texts", async () => {
  {
    await using cache = await open();
    await cache.add(
      odd,
      odd.map((_, i) => `translation\n${i}`),
    );
    expect(odd.map((text) => cache.get(text))).toEqual(odd.map((_, i) => `translation\n${i}`));
  }
  expect(await found([...odd, "나"])).toEqual([
    ...odd.map((_, i) => `translation\n${i}`),
    undefined,
  ]);
});

it("an empty translation is known too", async () => {
  {
    await using cache = await open();
    await cache.add(["가"], [""]);
  }
  expect(await found(["가"])).toEqual([""]);
});

it("a last line that was cut off anywhere costs that line alone, and none that follow", async () => {
  {
    await using cache = await open();
    await cache.add(["가", "나다"], ["A", "BC"]);
  }
  const whole = readFileSync(file);
  const firstLine = whole.indexOf("\n", 1) + 1;
  for (let size = firstLine; size <= whole.length; size++) {
    writeFileSync(file, whole);
    truncateSync(file, size);
    const complete = size >= whole.length - 1;
    expect(await found(["가", "나다"])).toEqual(["A", complete ? "BC" : undefined]);
    {
      await using cache = await open();
      await cache.add(["라"], ["D"]);
    }
    expect(await found(["가", "나다", "라"])).toEqual(["A", complete ? "BC" : undefined, "D"]);
  }
});

it("damaged lines are counted and left out", async () => {
  mkdirSync(directory, { recursive: true });
  const sound = JSON.stringify({ text: "가", translation: "A" });
  const lines = [
    "null",
    "[]",
    "{",
    '{"text":"나"}',
    '{"text":1,"translation":"B"}',
    "\0\0\0",
    sound,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  appendFileSync(file, Buffer.from([0x22, 0xff, 0x22, 0x0a]));
  await using cache = await open();
  expect(cache.damaged).toBe(lines.length);
  expect([cache.get("가"), cache.get("나")]).toEqual(["A", undefined]);
});

it("finds what another process adds meanwhile", async () => {
  await using one = await open();
  await using other = await open();
  await one.add(["가"], ["A"]);
  expect(other.get("가")).toBeUndefined();
  await other.refresh();
  expect(other.get("가")).toBe("A");
  await other.add(["나"], ["B"]);
  await one.refresh();
  expect(one.get("나")).toBe("B");
  expect([one.damaged, other.damaged]).toEqual([0, 0]);
});

it("requests that look into it and add to it at the same time do not hinder each other", async () => {
  await using one = await open();
  await using other = await open();
  const texts = Array.from({ length: 60 }, (_, i) => `${i}`.repeat(1 + (i % 7)));
  const request = async (cache: TranslationCache, text: string) => {
    await cache.refresh();
    await cache.add([text], [`for ${text}`]);
  };
  await Promise.all(texts.map((text, i) => request(i % 3 === 0 ? other : one, text)));
  for (const cache of [one, other]) {
    await Promise.all([cache.refresh(), cache.refresh(), cache.refresh()]);
    expect(texts.map((text) => cache.get(text))).toEqual(texts.map((text) => `for ${text}`));
  }
  await other.add(["later"], ["for later"]);
  await one.refresh();
  expect([one.get("later"), one.damaged, other.damaged]).toEqual(["for later", 0, 0]);
});

it("languages and translators have caches of their own", async () => {
  {
    await using cache = await open();
    await cache.add(["가"], ["A"]);
  }
  await using japanese = await TranslationCache.open(directory, "papago", { from: "ko", to: "ja" });
  await using google = await TranslationCache.open(directory, "google", { from: "ko", to: "en" });
  expect([japanese.get("가"), google.get("가")]).toEqual([undefined, undefined]);
});

it("processes that add at the same time lose nothing", async () => {
  const program = (name: string) => `
    import { TranslationCache } from "./dist/data/augmentation/translation-cache.js";
    const cache = await TranslationCache.open(${JSON.stringify(directory)}, "papago", { from: "ko", to: "en" });
    for (let i = 0; i < 50; i++) {
      const texts = [0, 1, 2, 3].map((k) => "${name}-" + i + "-" + k);
      await cache.add(texts, texts.map((text) => "가나다".repeat(200) + text));
    }
    await cache[Symbol.asyncDispose]();
  `;
  const names = ["a", "b", "c"];
  const children = names.map((name) =>
    spawn(process.execPath, ["--input-type=module", "-e", program(name)], {
      stdio: ["ignore", "ignore", "inherit"],
    }),
  );
  const codes = await Promise.all(
    children.map(async (child) => (await once(child, "close"))[0] as number),
  );
  expect(codes).toEqual([0, 0, 0]);
  await using cache = await open();
  expect(cache.damaged).toBe(0);
  for (const name of names) {
    for (let i = 0; i < 50; i++)
      expect(cache.get(`${name}-${i}-3`)).toMatch(/^(가나다){200}[abc]-/);
  }
});

it("a place that cannot be written to is one clear error", async () => {
  mkdirSync(path.dirname(directory), { recursive: true });
  writeFileSync(directory, "a file");
  await expect(open()).rejects.toMatchObject({
    code: "IO_FAILED",
    message: expect.stringContaining(directory) as string,
  });
});

import type { ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { augment } from "../../lib/cli/augment.js";
import type { Given } from "../../lib/cli/flags.js";
import { writeTinyModel } from "../support/tiny-model.js";
import { json, keys, TranslationServer } from "../data/augmentation/translation-server.js";
import {
  expectMistake,
  lastLine,
  recordedOutput,
  type RunOptions,
  stsNative,
  temporaryDirectory,
} from "./support.js";

const directory = temporaryDirectory();
const place = (...parts: string[]) => path.join(directory, ...parts);
const write = (file: string, contents: string) => writeFileSync(place(file), contents);
const read = (file: string) => readFileSync(place(file), "utf8");

const run = (args: readonly string[], options: RunOptions = {}) =>
  stsNative(["augment", ...args], {
    cwd: directory,
    ...options,
    env: { ...keys, XDG_CACHE_HOME: place("cache"), ...options.env },
  });

const rows = [
  "a,뉴스,가 나 다 라,가 나 다 마,4.0,1",
  "b,영화,거 너,거 더,2.50,0",
  'c,영화,고 노 도,"고, 노",3,1',
  "d,영화,하,허,0.8,0",
];
const header = "id,source,sentence_1,sentence_2,label,binary-label";

let server: TranslationServer;
beforeAll(async () => {
  await writeTinyModel(place("encoder"));
  mkdirSync(place("linked"));
  symlinkSync(place("train.csv"), place("linked/train.swap.csv"));
  write("train.csv", `${header}\n${rows.join("\n")}\n`);
});
beforeEach(async () => {
  server = await TranslationServer.start();
  // 라 changes little among others, 더 much, 하 and 허 not at all, and 도 gets lost.
  const words: Record<string, string> = {
    "가 나 다 라": "가 나 다 바",
    "거 더": "호",
    "고 노 도": "",
  };
  server.translate = (text, _, to) => {
    const korean = text.replace(/^EN /, "");
    return to === "en" ? `EN ${text}` : (words[korean] ?? korean);
  };
});
afterEach(() => server.stop());

const backTranslation = (output: string, ...more: string[]) => [
  ...["train.csv", "--method", "back-translation", "--translator", "papago"],
  ...["--endpoint", server.url, "--encoder", "encoder", "--output", output],
  ...["--requests-per-second", "1000", ...more],
];

describe("back-translation", () => {
  it("writes a data set for each threshold, and says what each kept", async () => {
    const outcome = await run(backTranslation("out", "--thresholds", "0,0.5,1.0", "--json"));
    expect(outcome.code).toBe(0);
    const result = lastLine(outcome) as { files: Record<string, unknown>[] };
    expect(result).toMatchObject({
      ...{ method: "back-translation", file: "train.csv", pairs: 4, skipped: 0 },
      ...{ translator: "papago", from: "ko", via: "en", missing: 1, unchanged: 1 },
      cache: place("cache/sts-native/translations"),
      there: { asked: 8, cached: 0, tooLong: 0, damaged: 0 },
      back: { asked: 8, cached: 0, tooLong: 0, damaged: 0 },
      files: [
        { threshold: 0, below: 0, repeated: 0, kept: 2, rows: 6, output: "out/train.bt-0.0.csv" },
        { threshold: 0.5, output: "out/train.bt-0.5.csv" },
        { threshold: 1, below: 2, repeated: 0, kept: 0, rows: 4, output: "out/train.bt-1.0.csv" },
      ],
    });
    expect(readdirSync(place("out")).sort()).toEqual(
      ["train.bt-0.0.csv", "train.bt-0.5.csv", "train.bt-1.0.csv"].sort(),
    );
    expect(read("out/train.bt-0.0.csv")).toBe(
      [
        ...[header, ...rows],
        "a-bt,뉴스,가 나 다 바,가 나 다 마,4.0,1",
        "b-bt,영화,거 너,호,2.50,0",
        "",
      ].join("\n"),
    );
    expect(read("out/train.bt-1.0.csv")).toBe(`${header}\n${rows.join("\n")}\n`);
    expect(outcome.stderr).toMatch(/^ko to en: 8 sentences, 0 of them known$/m);
    expect(outcome.stderr).toMatch(/^en to ko +8 translated, 0 known before$/m);
    expect(outcome.stderr).toMatch(/^ {2}both sentences came back unchanged +1$/m);
    expect(outcome.stderr).toMatch(/^written +threshold +below +repeated +kept +rows$/m);
    expect(outcome.stderr).toMatch(/^out\/train\.bt-0\.0\.csv +0 +0 +0 +2 +6$/m);
    const everything = [
      outcome.stdout,
      outcome.stderr,
      ...readdirSync(place("cache"), { recursive: true }),
    ];
    for (const file of readdirSync(place("cache/sts-native/translations"))) {
      everything.push(read(`cache/sts-native/translations/${file}`));
    }
    for (const key of Object.values(keys)) expect(everything.join("\n")).not.toContain(key);
  });

  it("with other thresholds nothing is asked for again", async () => {
    const { code, stdout } = await run(backTranslation("again", "--thresholds", "0.85"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ko to en +0 translated, 8 known before$/m);
    expect(server.requests).toEqual([]);
    expect(readdirSync(place("again"))).toEqual(["train.bt-0.85.csv"]);
  });

  it("Ctrl-C ends it in good order, writes nothing, and the same command goes on", async () => {
    server.delay = 20;
    const many = Array.from({ length: 60 }, (_, i) => `${i},가 ${i},나 ${i},1`);
    write("many.csv", `id,sentence1,sentence2,label\n${many.join("\n")}\n`);
    const args = ["many.csv", ...backTranslation("stopped", "--cache", "c").slice(1)];
    let running: ChildProcess | undefined;
    const { translate } = server;
    server.translate = (...text) => {
      // Once: twice would end it at once.
      if (server.answered.size === 21) running?.kill("SIGINT");
      return translate(...text);
    };
    const outcome = await run(args, { onStderr: (_, child) => (running ??= child) });
    expect(outcome.code).toBe(130);
    expect(outcome.stderr).toContain(
      "Finishing the requests under way; what is translated is kept.",
    );
    expect(outcome.stderr).toMatch(
      /The translation was stopped\.\nTo go on, run the same command again: what is translated is kept in c$/m,
    );
    expect(outcome.stdout).toBe("");
    expect(existsSync(place("stopped"))).toBe(false);
    expect(server.answered.size).toBeLessThan(60);
    server.delay = 0;
    expect((await run(args)).code).toBe(0);
    expect(server.answered.size).toBe(240);
    expect(server.repeated).toEqual([]);
    expect(readdirSync(place("stopped"))).toHaveLength(4);
  });

  it("a service that fails for good is one clear error, and says how to go on", async () => {
    server.misbehaviour.push(undefined, (response) =>
      json(response, 404, { error: { errorCode: "300", message: `No: ${keys.PAPAGO_CLIENT_ID}` } }),
    );
    const outcome = await run(backTranslation("failed", "--cache", "f", "--concurrency", "1"));
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      /^error: Papago refuses the request \(404, "No: \*\*\*"\)\..*\nTo go on, run/m,
    );
    expect(outcome.stderr).not.toContain(" at ");
    expect(existsSync(place("failed"))).toBe(false);
    expect(readdirSync(place("f"))).toHaveLength(1);
  });

  it("a key that is refused is a mistake that names it and does not show it", async () => {
    server.misbehaviour.push((response) =>
      json(response, 401, { error: { errorCode: "200", message: `No: ${keys.PAPAGO_CLIENT_ID}` } }),
    );
    const outcome = await run(backTranslation("refused", "--cache", "r", "--concurrency", "1"));
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(
      /^error: Papago refuses what is in PAPAGO_CLIENT_ID and PAPAGO_CLIENT_SECRET \(401, "No: \*\*\*"\)\.$/m,
    );
    expect(existsSync(place("refused"))).toBe(false);
  });

  it("an output that cannot be made is said so, without a stack", async () => {
    const { code, stderr } = await run([
      ...["train.csv", "--method", "swap", "--count", "1", "--output", "train.csv/x"],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: train\.csv\/x: \S/m);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it("a key that is missing is a mistake that names it, before anything is read", async () => {
    const outcome = await run(backTranslation("x"), { env: { PAPAGO_CLIENT_SECRET: "" } });
    expectMistake(outcome, /^error: Papago needs a key: set PAPAGO_CLIENT_SECRET in the env/);
  });

  it("nothing is paid for where there is no encoder", async () => {
    const args = backTranslation("x", "--cache", "y").map((arg) =>
      arg === "encoder" ? "./no" : arg,
    );
    expectMistake(await run(args), /\.\/no: there is no such directory/);
    expect(server.requests).toEqual([]);
    expect(existsSync(place("y"))).toBe(false);
  });
});

describe("swapped pairs and pairs of a sentence with itself", () => {
  it("all pairs swapped keep their columns and labels", async () => {
    const outcome = await run([
      "train.csv",
      "--method",
      "swap",
      "--fraction",
      "1",
      "--output",
      "swapped",
      "--json",
    ]);
    expect(lastLine(outcome)).toEqual({
      ...{
        method: "swap",
        file: "train.csv",
        pairs: 4,
        skipped: 0,
        possible: 4,
        added: 4,
        rows: 8,
      },
      output: "swapped/train.swap.csv",
    });
    expect(read("swapped/train.swap.csv").split("\n").slice(5)).toEqual([
      "a-swap,뉴스,가 나 다 마,가 나 다 라,4.0,1",
      "b-swap,영화,거 더,거 너,2.50,0",
      'c-swap,영화,"고, 노",고 노 도,3,1',
      "d-swap,영화,허,하,0.8,0",
      "",
    ]);
  });

  it("identical pairs have the greatest label; a seed chooses the same again", async () => {
    const args = ["train.csv", "--method", "identical", "--count", "3", "--output"];
    const { code, stdout } = await run([...args, "one", "--label-range", "0,6"]);
    expect([code, stdout]).toEqual([
      0,
      "3 pairs added: 7 rows written to one/train.identical.csv\n",
    ]);
    const added = read("one/train.identical.csv").split("\n").slice(5, -1);
    for (const line of added)
      expect(line).toMatch(/^[abcd]-same(?:-2)?,.*,("?)(.+)\1,\1\2\1,6,[01]$/);
    await run([...args, "other", "--label-range", "0,6"]);
    expect(read("other/train.identical.csv")).toBe(read("one/train.identical.csv"));
    await run([...args, "third", "--label-range", "0,6", "--seed", "7"]);
    expect(read("third/train.identical.csv")).not.toBe(read("one/train.identical.csv"));
  });

  it("other formats stay as they are", async () => {
    const objects = [
      { guid: "x", sentence1: "가", sentence2: "나", labels: { label: 1.5, "binary-label": 0 } },
      { guid: "y", sentence1: "다", sentence2: "다", labels: { label: 5, "binary-label": 1 } },
    ];
    write("klue.json", JSON.stringify(objects));
    const columns = ["--columns", "id=guid,label=labels.label"];
    const args = ["klue.json", "--method", "swap", "--count", "9", "--output", "json", ...columns];
    const outcome = await run(args);
    expect(outcome.stderr).toBe("warning: 9 pairs are asked for, and only 1 can be added.\n");
    expect(JSON.parse(read("json/klue.swap.json"))).toEqual([
      ...objects,
      { ...objects[0], guid: "x-swap", sentence1: "나", sentence2: "가" },
    ]);
    write("t.tsv", "sentence1\tsentence2\tscore\n가\t나\t1\n");
    await run(["t.tsv", "--method", "identical", "--fraction", "0.1", "--output", "json"]);
    expect(read("json/t.identical.tsv")).toMatch(
      /^sentence1\tsentence2\tscore\n가\t나\t1\n(.)\t\1\t5\n$/,
    );
    const zipped = ["klue.json", "--method", "swap", "--fraction", "1", "--output", "json"];
    writeFileSync(place("z.jsonl.gz"), gzipSync(`${JSON.stringify(objects[0])}\n`));
    expect((await run(["z.jsonl.gz", ...zipped.slice(1), ...columns])).code).toBe(0);
    const lines = gunzipSync(readFileSync(place("json/z.swap.jsonl.gz"))).toString();
    expect(lines.split("\n")).toHaveLength(3);
  });
});

const toBackTranslate = { method: "back-translation", output: "o", translator: "papago" };
const toSwap = { method: "swap", output: "o" };
const thresholds = /--thresholds: expected different cosines from 0 to 1/;

it.each<[Given, string[], RegExp]>([
  [{}, ["train.csv"], /missing: --method \(.*\), --output/],
  [{ ...toSwap, count: 1 }, [], /expected one data file, got 0/],
  [{ ...toSwap, count: 1 }, ["train.csv", "b.csv"], /expected one data file, got 2/],
  [toSwap, ["train.csv"], /swap needs either --count or --fraction/],
  [{ ...toSwap, count: 1, fraction: 1 }, ["train.csv"], /swap needs either --count or --fraction/],
  [{ ...toSwap, encoder: "x" }, ["train.csv"], /--encoder does nothing with --method swap/],
  [{ ...toBackTranslate, count: 1 }, ["train.csv"], /--count does nothing with --method back-/],
  [toBackTranslate, ["train.csv"], /missing: --encoder \(sentence encoder/],
  ...["1.5", "-0.1", "0.9,0.90", "a", "0.9,"].map((text): [Given, string[], RegExp] => [
    { ...toBackTranslate, encoder: "encoder", thresholds: text },
    ["train.csv"],
    thresholds,
  ]),
  [{ ...toSwap, count: 1, output: "train.csv" }, ["train.csv"], /--output: expected a directory/],
  [{ ...toSwap, count: 1 }, ["none.csv"], /none\.csv: no such file/],
  [{ ...toSwap, count: 1, output: "linked" }, ["train.csv"], /is one of the files that are read/],
])("%j of %j is one clear mistake", async (given, words, message) => {
  const files = words.map((word) => place(word));
  const paths = given.output === undefined ? {} : { output: place(given.output as string) };
  const work = augment.run(
    { given: { ...given, ...paths }, words: files },
    recordedOutput().output,
  );
  await expect(work).rejects.toMatchObject({
    isUserMistake: true,
    message: expect.stringMatching(message) as string,
  });
  expect(existsSync(place("o"))).toBe(false);
});

it("--help has its flags and an example, and a method that is misspelled is told", async () => {
  const { stdout, code } = await run(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^sts-native augment --method <method> --output <output> \[flags\] train\.csv/,
  );
  expect(stdout).toMatch(/Examples:\n {2}sts-native augment train\.csv --method/);
  const outcome = await run(["train.csv", "--method", "swop", "--output", "o"]);
  expectMistake(outcome, /--method: expected one of .* Did you mean "swap"/);
});

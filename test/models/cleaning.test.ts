import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { loadModel } from "../../lib/models/load-model.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import type { CleaningOptions } from "../../lib/text/cleaning/rules.js";
import { writeTinyModel } from "../support/tiny-model.js";

const dirty: [string, string][] = [
  ["가 나~~ #다 👍", "가  나 (라)"],
  ["♥ 마바사", "👩‍👩‍👧 마바 사^^"],
];
const clean: [string, string][] = [
  ["가 나 다", "가 나 라"],
  ["마바사", "마바 사"],
];

const raw = { clamp: false };

let directory: string;
const at = (name: string) => path.join(directory, name);
const stsConfig = async (name: string) =>
  JSON.parse(await readFile(at(`${name}/sts_config.json`), "utf8")) as Record<string, unknown>;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-cleaning-"));
  await writeTinyModel(at("model"));
});
afterAll(() => rm(directory, { recursive: true }));

describe("a cross-encoder", () => {
  it("cleans before it tokenises, and so does what is saved of it", async () => {
    using model = await CrossEncoder.load(at("model"), { cleaning: "default" });
    const scores = await model.predict(clean, raw);
    expect(await model.predict(dirty, raw)).toEqual(scores);
    await model.save(at("cross"));
    using loaded = await loadModel(at("cross"));
    expect(loaded.readers.map(({ cleaner }) => cleaner.rules)).toEqual([model.cleaner.rules]);
    expect(await loaded.predict(dirty, raw)).toEqual(scores);

    using plain = await CrossEncoder.load(at("cross"), { cleaning: "none" });
    expect(await plain.predict(clean, raw)).toEqual(scores);
    expect(await plain.predict(dirty, raw)).not.toEqual(scores);
    await plain.save(at("plain"));
    expect(await stsConfig("plain")).not.toHaveProperty("cleaning");
  });

  it("reads a sentence of which nothing would be left as it is", async () => {
    using model = await CrossEncoder.load(at("model"), { cleaning: "default" });
    using plain = await CrossEncoder.load(at("model"));
    const pairs = [["^^", "가나"]] as const;
    expect(await model.tokenize(pairs)).toEqual(await plain.tokenize(pairs));
  });
});

it("a sentence encoder does too, in its vectors as well", async () => {
  const rules: CleaningOptions = { keep: ["letters"], emoji: "remove", trim: true };
  using model = await SentenceEncoder.load(at("model"), { cleaning: rules });
  expect(await model.encode("가나#~ 👍")).toEqual(await model.encode("가나"));
  await model.save(at("sentence"));
  expect(await stsConfig("sentence")).toMatchObject({ cleaning: rules });
  using loaded = await loadModel(at("sentence"));
  expect(await loaded.predict([["가나#", "다👍라"]], raw)).toEqual(
    await model.predict([["가나", "다라"]], raw),
  );
});

it("members of an ensemble each clean by rules of their own, also when loaded again", async () => {
  const members = await Promise.all([
    CrossEncoder.load(at("model"), { cleaning: "default" }),
    CrossEncoder.load(at("model")),
  ]);
  using model = VotingModel.create(members);
  const tokens = await model.tokenize(dirty);
  const expected = [(await members[0].tokenize(clean))[0]!, (await members[1].tokenize(dirty))[0]!];
  expect(tokens[0]).toEqual(expected.flat());
  await model.save(at("voting"));
  using loaded = await loadModel(at("voting"));
  expect(await loaded.tokenize(dirty)).toEqual(tokens);
  expect(loaded.readers.map(({ cleaner }) => cleaner.isOff)).toEqual([false, true]);

  using all = await loadModel(at("voting"), { cleaning: "default" });
  expect(await all.tokenize(dirty)).toEqual(await all.tokenize(clean));
});

it("rules that are damaged are told by their key", async () => {
  const config = { ...(await stsConfig("cross")), cleaning: { placeholders: ["("] } };
  await writeFile(at("cross/sts_config.json"), JSON.stringify(config));
  await expect(loadModel(at("cross"))).rejects.toMatchObject({
    code: "CHECKPOINT_CORRUPT",
    message: expect.stringMatching(/sts_config\.json: cleaning\.placeholders\.0: /) as string,
  });
});

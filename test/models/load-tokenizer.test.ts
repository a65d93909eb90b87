import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { loadTokenizer } from "../../lib/models/load-tokenizer.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import { fixture } from "../support/fixtures.js";
import { writeTinyModel } from "../support/tiny-model.js";

let directory: string;
const at = (name: string) => path.join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-tokenizer-"));
  await writeTinyModel(at("model"));
});
afterAll(() => rm(directory, { recursive: true }));

it("the limit and the cleaning are the model's own", async () => {
  {
    using model = await CrossEncoder.load(at("model"), { maxLength: 9, cleaning: "default" });
    await model.save(at("saved"));
    const { maxLength, read } = await loadTokenizer(at("saved"));
    expect(maxLength).toBe(model.maxLength);
    expect(read("가 나~~ #다 👍")).toBe(model.cleaner.clean("가 나~~ #다 👍"));
  }
  const plain = await loadTokenizer(at("model"));
  expect(plain.model).toBe(at("model"));
  expect(plain.read("가~~")).toBe("가~~");
  using model = await CrossEncoder.load(at("model"));
  expect(plain.maxLength).toBe(model.maxLength);
});

it("a sentence encoder's own length and case are taken", async () => {
  await cp(fixture("sentence-encoders/mean"), at("sbert"), { recursive: true });
  const file = at("sbert/sentence_bert_config.json");
  const config = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...config, max_seq_length: 7, do_lower_case: true }));
  const { maxLength, read } = await loadTokenizer(at("sbert"));
  expect([maxLength, read("가 ABC")]).toEqual([7, "가 abc"]);
});

it("a directory with a tokenizer alone will do", async () => {
  await cp(fixture("tokenizers/vocabulary"), at("alone"), { recursive: true });
  const { maxLength, tokenizer } = await loadTokenizer(at("alone"));
  expect([maxLength, tokenizer.specialTokens]).toEqual([null, { single: 2, pair: 3 }]);
});

it("an ensemble has no tokenizer of its own", async () => {
  using model = VotingModel.create([await CrossEncoder.load(at("model"))]);
  await model.save(at("voting"));
  await expect(loadTokenizer(at("voting"))).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

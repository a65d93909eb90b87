import { copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { kindOf, loadModel, loadModels } from "../../lib/models/load-model.js";
import { MaskedLanguageModel } from "../../lib/models/masked-language-model.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import { memory } from "../../lib/tensor/memory.js";
import { fixture, largestDifference } from "../support/fixtures.js";
import { asEnsemble, pairs, raw, writeMember } from "./ensemble-members.js";

let directory: string;
const inside = (...names: string[]) => path.join(directory, ...names);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-load-model-"));
  await writeMember(inside("bert"), "bert");
  await writeMember(inside("roberta"), "roberta");
  using model = VotingModel.create(await loadModels([inside("bert"), inside("roberta")]));
  await model.save(inside("vote"));
});
afterAll(() => rm(directory, { recursive: true }));

async function writeEnsemble(name: string, members: unknown): Promise<string> {
  const config = { kind: "voting", labelRange: { min: 0, max: 5 }, members, freezeMembers: false };
  await mkdir(inside(name), { recursive: true });
  await writeFile(inside(name, "sts_config.json"), JSON.stringify(config));
  return inside(name);
}

it("a directory that does not say what it is, is a cross-encoder", async () => {
  using model = await loadModel(inside("bert"), { maxLength: 20, labelRange: { min: 0, max: 1 } });
  expect(model).toBeInstanceOf(CrossEncoder);
  expect(model.maxLength).toBe(20);
  expect(model.labelRange).toEqual({ min: 0, max: 1 });
});

it("a saved model is loaded as what it is", async () => {
  using cross = await CrossEncoder.load(inside("bert"));
  await cross.save(inside("saved-cross"));
  using loaded = await loadModel(inside("saved-cross"));
  expect(loaded).toBeInstanceOf(CrossEncoder);
  using vote = await loadModel(inside("vote"));
  expect(vote).toBeInstanceOf(VotingModel);
  const kinds = ["saved-cross", "vote", "bert"].map((name) => kindOf(inside(name)));
  expect(await Promise.all(kinds)).toEqual(["cross-encoder", "voting", "cross-encoder"]);
});

it("what sentence-transformers saved is a sentence encoder", async () => {
  using model = await SentenceEncoder.load(inside("bert"));
  await model.save(inside("sentences"));
  using own = await loadModel(inside("sentences"));
  expect(own).toBeInstanceOf(SentenceEncoder);
  await rm(inside("sentences", "sts_config.json"));
  expect(await kindOf(inside("sentences"))).toBe("sentence-encoder");
  using foreign = await loadModel(inside("sentences"));
  expect(foreign).toBeInstanceOf(SentenceEncoder);
});

it("what sentence-transformers says is a cross-encoder is one, though it lists modules", async () => {
  using model = await SentenceEncoder.load(inside("bert"));
  await model.save(inside("listed"));
  await rm(inside("listed", "sts_config.json"));
  const said = { model_type: "CrossEncoder", activation_fn: "torch.nn.modules.activation.Sigmoid" };
  await writeFile(inside("listed", "config_sentence_transformers.json"), JSON.stringify(said));
  expect(await kindOf(inside("listed"))).toBe("cross-encoder");
  using cross = await loadModel(inside("listed"));
  expect(cross).toBeInstanceOf(CrossEncoder);
  expect(cross).toMatchObject({ settings: { output: { type: "probability" } } });
  using encoder = await SentenceEncoder.load(inside("listed"));
  expect(encoder.settings.pooling).toBe("mean");
});

it.each([
  ["CrossEncoder", (place: string) => CrossEncoder.load(place)],
  ["SentenceEncoder", (place: string) => SentenceEncoder.load(place)],
  ["MaskedLanguageModel", (place: string) => MaskedLanguageModel.load(place)],
])("%s says of an ensemble's directory what it is", async (_, load) => {
  await expect(load(inside("vote"))).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringMatching(/vote: is a voting model of several models/) as string,
  });
});

it("an ensemble takes the options of its members and the scale that is asked for", async () => {
  using own = await loadModel(inside("vote"));
  using model = await loadModel(inside("vote"), {
    maxLength: 20,
    labelRange: { min: 0, max: 1 },
    freezeMembers: true,
  });
  const { members, settings } = asEnsemble(model);
  expect(members.map(({ maxLength }) => maxLength)).toEqual([20, 20]);
  expect(settings).toEqual({ labelRange: { min: 0, max: 1 }, freezeMembers: true });
  const expected = (await raw(own)).map((score) => score / 5);
  expect(largestDifference(await raw(model), expected)).toBeLessThan(1e-5);
});

it("members without a head do not start alike", async () => {
  await writeMember(inside("headless"), "bert");
  for (const name of ["model.safetensors", "config.json"]) {
    await copyFile(fixture("encoders/variants/bert-no-prefix", name), inside("headless", name));
  }
  const vocabulary = inside("headless", "vocab.txt");
  const tokens = (await readFile(vocabulary, "utf8")).split("\n");
  await writeFile(vocabulary, tokens.slice(0, 40).join("\n"));
  const models = await loadModels([inside("headless"), inside("headless")]);
  using model = VotingModel.create(models);
  expect(model.initialised).toContain("members.1.classifier.weight");
  const [first, second] = models.map((one) => one.parameters.get("classifier.weight")!.toNumbers());
  expect(first).not.toEqual(second);
});

it.each([
  [["../bert"]],
  [["members/../../bert"]],
  [["/etc"]],
  [["."]],
  [[""]],
  [["members/./0"]],
  [["members//0"]],
  [["C:\\models"]],
  [["..\\bert"]],
  [["bert\0"]],
  [[]],
  [[1]],
  ["members/0"],
])("the members %j of a file that somebody made are refused", async (members) => {
  const before = memory();
  const ensemble = await writeEnsemble("hostile", members);
  await expect(loadModel(ensemble)).rejects.toMatchObject({
    code: "CHECKPOINT_CORRUPT",
    message: expect.stringMatching(/sts_config\.json: (.|\n)*members/) as string,
  });
  expect(memory()).toEqual(before);
});

it("a member that is missing is looked for in the directory alone and named", async () => {
  await writeEnsemble("incomplete", ["klue"]);
  const before = process.cwd();
  // From here, incomplete/klue could be the id of a model on the hub.
  process.chdir(directory);
  try {
    await expect(loadModel("incomplete")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringMatching(/incomplete.klue: there is no such directory;/) as string,
    });
  } finally {
    process.chdir(before);
  }
});

it("when one member is damaged, those that were loaded are freed", async () => {
  using model = await loadModel(inside("vote"));
  await model.save(inside("damaged"));
  const weights = inside("damaged", "members", "1", "model.safetensors");
  await truncate(weights, 50_000);
  const before = memory();
  await expect(loadModel(inside("damaged"))).rejects.toMatchObject({
    code: "CHECKPOINT_CORRUPT",
    message: expect.stringContaining(weights) as string,
  });
  expect(memory()).toEqual(before);
});

it("an ensemble that cannot be written leaves nothing behind", async () => {
  using model = await loadModel(inside("vote"));
  await writeFile(inside("file"), "");
  await expect(model.save(inside("file", "vote"))).rejects.toMatchObject({ code: "IO_FAILED" });
  expect(await raw(model)).toHaveLength(pairs.length);
});

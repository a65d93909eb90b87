import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { loadModel } from "../../lib/models/load-model.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { StackingModel } from "../../lib/models/stacking-model.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import { autocast, noGrad } from "../../lib/tensor/context.js";
import { memory } from "../../lib/tensor/memory.js";
import { scope } from "../../lib/tensor/scope.js";
import { largestDifference } from "../support/fixtures.js";
import {
  asEnsemble,
  expectAsInPyTorch,
  families,
  pairs,
  raw,
  scoresInTraining,
  trainOneStep,
  writeMember,
} from "./ensemble-members.js";

let directory: string;
const member = (name: (typeof families)[number] | "dropout") => path.join(directory, name);
const load = (...names: Parameters<typeof member>[0][]) =>
  Promise.all(names.map((name) => CrossEncoder.load(member(name))));

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-voting-"));
  for (const family of families) await writeMember(member(family), family);
  await writeMember(member("dropout"), "bert", 0.3);
});
afterAll(() => rm(directory, { recursive: true }));

it("gives the scores and gradients that PyTorch gives for the mean", async () => {
  using model = VotingModel.create(await load(...families));
  await expectAsInPyTorch(model, "voting.json");
});

it("each member reads its own tokenizer's ids, and the score is the mean of what each says", async () => {
  const members = await load(...families);
  using model = VotingModel.create(members);
  const byMember = await Promise.all(members.map((one) => one.tokenize(pairs)));
  expect(byMember[0]![0]![0]!.ids).not.toEqual(byMember[1]![0]![0]!.ids);
  expect(await model.tokenize(pairs)).toEqual(
    pairs.map((_, i) => byMember.flatMap((encoded) => encoded[i]!)),
  );
  const scores = await Promise.all(members.map(raw));
  const mean = pairs.map((_, i) => scores.reduce((sum, one) => sum + one[i]!, 0) / 3);
  expect(largestDifference(await raw(model), mean)).toBeLessThan(1e-5);
});

it("one member alone says what it says without the ensemble", async () => {
  const [alone] = await load("roberta");
  const expected = await raw(alone!);
  using model = VotingModel.create([alone!]);
  expect(await raw(model)).toEqual(expected);
});

it("a saved ensemble of ensembles is loaded with the same scores and settings", async () => {
  const [bert, roberta, electra, again] = await load(...families, "bert");
  const inner = StackingModel.create([roberta!, electra!]);
  using model = VotingModel.create([bert!, inner, VotingModel.create([again!])]);
  const saved = path.join(directory, "saved");
  await model.save(saved);
  using loaded = await loadModel(saved);
  expect(loaded).toBeInstanceOf(VotingModel);
  expect(asEnsemble(loaded).settings).toEqual(model.settings);
  expect(asEnsemble(loaded).members.map((one) => one.constructor)).toEqual([
    CrossEncoder,
    StackingModel,
    VotingModel,
  ]);
  expect([...loaded.parameters.keys()]).toEqual([...model.parameters.keys()]);
  expect(loaded.parameters.has("members.1.members.0.roberta.embeddings.LayerNorm.bias")).toBe(true);
  expect(loaded.initialised).toEqual([]);
  expect(await raw(loaded)).toEqual(await raw(model));
});

it("a sentence encoder and a cross-encoder vote together, each over inputs of its own kind", async () => {
  const sentences = await SentenceEncoder.load(member("roberta"));
  const [bert] = await load("bert");
  const [first, second] = [await raw(sentences), await raw(bert!)];
  using model = VotingModel.create([sentences, bert!]);
  const mean = first.map((score, i) => (score + second[i]!) / 2);
  expect(largestDifference(await raw(model), mean)).toBeLessThan(1e-5);
  expect((await trainOneStep(model)).filter((name) => name.endsWith("query.weight"))).toHaveLength(
    4,
  );
  const saved = path.join(directory, "mixed");
  await model.save(saved);
  using loaded = await loadModel(saved);
  expect(await raw(loaded)).toEqual(await raw(model));
});

it("saving into a directory that is there replaces the model", async () => {
  const saved = path.join(directory, "replaced");
  using first = VotingModel.create(await load(...families));
  await first.save(saved);
  using second = VotingModel.create(await load("electra", "bert"), { freezeMembers: true });
  await second.save(saved);
  using loaded = await loadModel(saved);
  expect(await raw(loaded)).toEqual(await raw(second));
});

it("training changes all members together", async () => {
  using model = VotingModel.create(await load(...families));
  expect(model.frozenParameters.size).toBe(0);
  const changed = await trainOneStep(model);
  for (const i of families.keys()) {
    const ofMember = (name: string) => name.startsWith(`members.${i}.`);
    const all = [...model.parameters.keys()].filter(ofMember).length;
    // The biases of keys have no gradient but rounding errors.
    expect(changed.filter(ofMember).length).toBeGreaterThan(all * 0.9);
  }
});

it("members that are trained have dropout", async () => {
  using model = VotingModel.create(await load("dropout", "roberta"));
  expect(await scoresInTraining(model)).not.toEqual(await raw(model));
});

it("frozen members have neither gradients nor dropout", async () => {
  using model = VotingModel.create(await load("dropout", "roberta"), { freezeMembers: true });
  expect([...model.frozenParameters]).toEqual([...model.parameters.keys()]);
  expect(await scoresInTraining(model)).toEqual(await raw(model));
  for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
  const examples = await model.tokenize(pairs);
  using scores = (await model.forward(examples, null)).scores;
  expect(scores.requiresGrad).toBe(false);
});

it("a member that keeps parameters frozen keeps them in an ensemble that is trained", async () => {
  const [bert, roberta] = await load("bert", "roberta");
  using model = VotingModel.create([bert!, StackingModel.create([roberta!])]);
  const changed = await trainOneStep(model);
  expect(changed).toContain("members.0.classifier.weight");
  expect(changed).toContain("members.1.stacking.bias");
  expect(changed.filter((name) => name.startsWith("members.1.members."))).toEqual([]);
  expect(model.frozenParameters.size).toBe(roberta!.parameters.size);
});

it("scores keep their precision in autocast's 16 bits", async () => {
  const members = await load("bert", "roberta");
  using model = VotingModel.create(members);
  const examples = await model.tokenize(pairs);
  await scope(() =>
    noGrad(() =>
      autocast("bfloat16", async () => {
        const { scores } = await model.forward(examples, null);
        const own = await Promise.all(
          members.map((one, i) =>
            one.forward(
              examples.map((example) => [example[i]!]),
              null,
            ),
          ),
        );
        const [first, second] = own.map((outputs) => outputs.scores.toNumbers());
        const mean = first!.map((score, i) => (score + second![i]!) / 2);
        expect(scores.dtype).toBe("float32");
        expect(largestDifference(scores.toNumbers(), mean)).toBeLessThan(1e-5);
      }),
    ),
  );
});

it("a member on another scale is moved onto the scale that is asked for", async () => {
  const wide = await CrossEncoder.load(member("bert"), { labelRange: { min: -1, max: 3 } });
  const unit = await CrossEncoder.load(member("roberta"), { labelRange: { min: 0, max: 1 } });
  const [first, second] = [await raw(wide), await raw(unit)];
  using model = VotingModel.create([wide, unit], { labelRange: { min: 0, max: 5 } });
  expect(model.labelRange).toEqual({ min: 0, max: 5 });
  const expected = first.map((score, i) => (((score + 1) / 4) * 5 + second[i]! * 5) / 2);
  expect(largestDifference(await raw(model), expected)).toBeLessThan(1e-5);
  const saved = path.join(directory, "scales");
  await model.save(saved);
  using loaded = await loadModel(saved);
  expect(await raw(loaded)).toEqual(await raw(model));
});

it("the longest input is that of the member which reads the most", async () => {
  const short = await CrossEncoder.load(member("bert"), { maxLength: 5 });
  const long = await CrossEncoder.load(member("roberta"), { maxLength: 9 });
  using model = VotingModel.create([short, long]);
  expect(model.maxLength).toBe(9);
  const [encoded] = await model.tokenize([["가 나 다 라 마", "바 사 아 자"]]);
  expect(encoded!.map(({ ids }) => ids.length)).toEqual([5, 9]);
});

it("dispose frees every member, and predictions end with DISPOSED", async () => {
  const before = memory();
  const model = VotingModel.create(await load(...families));
  await raw(model);
  model.dispose();
  await expect(raw(model)).rejects.toMatchObject({ code: "DISPOSED" });
  model.dispose();
  expect(memory()).toEqual(before);
});

it.each<[string, () => Promise<unknown[]>, string]>([
  ["no members", () => Promise.resolve([]), "members: expected at least one model"],
  ["a name", async () => [...(await load("bert")), "bert"], "members[1]: expected a loaded model"],
  [
    "one model twice",
    async () => (await load("bert")).flatMap((one) => [one, one]),
    "members[1]: is the same object as members[0]",
  ],
  [
    "two scales",
    async () => [
      ...(await load("bert")),
      await CrossEncoder.load(member("roberta"), { labelRange: { min: 0, max: 1 } }),
    ],
    "members[0] has 0 to 5, members[1] has 0 to 1",
  ],
])("%s cannot be an ensemble; the members are freed", async (_, members, message) => {
  const before = memory();
  const given = (await members()) as CrossEncoder[];
  expect(() => VotingModel.create(given)).toThrow(
    expect.objectContaining({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
  expect(memory()).toEqual(before);
});

it("what is no pair, and what another model has tokenised, is refused by its place", async () => {
  const members = await load("bert", "roberta");
  using model = VotingModel.create(members);
  const three = [pairs[0]!, ["가", "나", "다"]];
  await expect(model.predict(three as never)).rejects.toThrow(
    /pairs\[1\]: expected an array of two/,
  );
  await expect(model.predict([null] as never)).rejects.toThrow(/pairs\[0\]/);
  const foreign = await members[0]!.tokenize(pairs);
  await expect(model.predictEncoded(foreign)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining("examples[0]: expected 2 token sequences") as string,
  });
  await expect(model.predict(pairs, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "ABORTED",
  });
});

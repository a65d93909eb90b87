import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { saveSafetensors } from "../../lib/checkpoint/tensors.js";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { loadModel } from "../../lib/models/load-model.js";
import { StackingModel } from "../../lib/models/stacking-model.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import { autocast, noGrad } from "../../lib/tensor/context.js";
import { memory } from "../../lib/tensor/memory.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import { fixture, largestDifference } from "../support/fixtures.js";
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
const member = (name: string) => path.join(directory, "members", name);
const load = (...names: string[]) =>
  Promise.all(names.map((name) => CrossEncoder.load(member(name))));
const own = ["stacking.weight", "stacking.bias"];

/** A trained stack of the fixtures' models, whose layer Python wrote. */
async function writeStack(): Promise<void> {
  await copyFile(
    fixture("ensembles/stacking.safetensors"),
    path.join(directory, "stacking.safetensors"),
  );
  const config = {
    kind: "stacking",
    labelRange: { min: 0, max: 5 },
    members: families.map((family) => `members/${family}`),
    freezeMembers: true,
  };
  await writeFile(path.join(directory, "sts_config.json"), JSON.stringify(config));
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-stacking-"));
  for (const family of families) await writeMember(member(family), family);
  await writeMember(member("dropout"), "bert", 0.3);
});
beforeEach(writeStack);
afterAll(() => rm(directory, { recursive: true }));

it("gives the scores and gradients that PyTorch gives for a linear layer over the scores", async () => {
  using model = await loadModel(directory, { freezeMembers: false });
  expect(model).toBeInstanceOf(StackingModel);
  await expectAsInPyTorch(model, "stacking.json");
});

it("an untrained stack is the mean of its members, and says that it is untrained", async () => {
  using stack = StackingModel.create(await load(...families));
  using vote = VotingModel.create(await load(...families));
  expect(largestDifference(await raw(stack), await raw(vote))).toBeLessThan(1e-5);
  expect(stack.initialised).toEqual(own);
  expect(stack.parameters.get("stacking.weight")!.shape).toEqual([1, 3]);
});

it("a saved stack is loaded with the same scores, and is trained", async () => {
  using model = StackingModel.create(await load(...families));
  await trainOneStep(model);
  const saved = path.join(directory, "saved");
  await model.save(saved);
  using loaded = await loadModel(saved);
  expect(asEnsemble(loaded).settings).toEqual(model.settings);
  expect(loaded.initialised).toEqual([]);
  expect(await raw(loaded)).toEqual(await raw(model));
});

it("training changes the layer alone, without dropout in the members", async () => {
  using model = StackingModel.create(await load("dropout", "roberta"));
  expect(await scoresInTraining(model)).toEqual(await raw(model));
  for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
  const examples = await model.tokenize(pairs);
  await scope(async () => {
    await ops.sum((await model.forward(examples, null)).scores).backward();
    const trained = [...model.parameters].flatMap(([name, { grad }]) => (grad ? [name] : []));
    expect(trained).toEqual(own);
  });
  ops.clearGrads([...model.parameters.values()]);
  expect(await trainOneStep(model)).toEqual(own);
});

it("training changes the members too where they are not frozen", async () => {
  using model = StackingModel.create(await load("bert", "roberta"), { freezeMembers: false });
  const changed = await trainOneStep(model);
  expect(changed).toEqual(expect.arrayContaining(own));
  expect(changed).toContain("members.0.bert.embeddings.word_embeddings.weight");
  expect(changed).toContain("members.1.classifier.out_proj.weight");
});

it("scores keep their precision in autocast's 16 bits", async () => {
  const members = await load("bert", "roberta");
  using model = StackingModel.create(members);
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

it("a stack that is made inside a scope outlives it, and dispose frees it", async () => {
  const before = memory();
  const model = await scope(async () => StackingModel.create(await load("bert", "electra")));
  expect(await raw(model)).toHaveLength(pairs.length);
  model.dispose();
  await expect(raw(model)).rejects.toMatchObject({ code: "DISPOSED" });
  expect(memory()).toEqual(before);
});

it.each<[string, () => Promise<void>, string, RegExp]>([
  ["is missing", () => rm(layerFile()), "NOT_FOUND", /stacking\.safetensors/],
  [
    "is that of two members",
    () => writeLayer({ "stacking.weight": [1, 2], "stacking.bias": [1] }),
    "CHECKPOINT_CORRUPT",
    /stacking\.weight: expected the shape \[1, 3\] for the 3 members .* got \[1, 2\]/,
  ],
  [
    "lacks its bias",
    () => writeLayer({ "stacking.weight": [1, 3] }),
    "CHECKPOINT_CORRUPT",
    /stacking\.bias: expected the shape \[1\].* got no such tensor/,
  ],
  ["is cut off", () => writeFile(layerFile(), "x"), "CHECKPOINT_CORRUPT", /stacking\.safetensors/],
])(
  "a stack whose layer %s is refused, and its members are freed",
  async (_, damage, code, message) => {
    await damage();
    const before = memory();
    await expect(loadModel(directory)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect(memory()).toEqual(before);
  },
);

const layerFile = () => path.join(directory, "stacking.safetensors");

async function writeLayer(shapes: Record<string, number[]>): Promise<void> {
  await scope(() =>
    saveSafetensors(
      layerFile(),
      new Map(Object.entries(shapes).map(([name, shape]) => [name, ops.zeros(shape)])),
      {},
    ),
  );
}
